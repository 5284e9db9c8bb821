"""Drawn on the host, the same in both worlds."""
