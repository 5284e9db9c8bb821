"""Results as documents: one page for each kind of data, registered with ``report.page.document``."""

from dualflow.experiment.pages import bundle, comparison, peer_faults, race, study, sweep

__all__ = ["bundle", "comparison", "peer_faults", "race", "study", "sweep"]
