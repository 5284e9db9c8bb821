"""Carrying a plan out: under NumPy, under XLA, and once more when it failed."""
