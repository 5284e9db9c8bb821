"""Results as documents: one page for each kind of data, registered with ``report.document``."""

from dualflow.experiment.pages import bundle, comparison, difference, machine, peer_study, race, selftest, study, sweep

__all__ = ["bundle", "comparison", "difference", "machine", "peer_study", "race", "selftest", "study", "sweep"]
