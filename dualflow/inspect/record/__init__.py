"""Recordings of a run: made, read, stepped through and compared."""
