"""The experiment: one program in every arm, first checked for parity, then measured, then reported."""

from dualflow.experiment import pages

__all__ = ["pages"]
