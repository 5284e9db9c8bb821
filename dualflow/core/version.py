"""The version of dualflow, for whoever must not import the facade to learn it."""

__version__ = "0.1.0"
