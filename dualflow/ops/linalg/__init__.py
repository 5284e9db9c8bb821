"""Matrices and sums of products."""
