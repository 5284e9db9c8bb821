"""Reverse mode, written once, on records that both worlds keep."""
