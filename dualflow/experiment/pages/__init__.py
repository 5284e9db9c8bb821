"""Results as documents: one page for each kind of data."""
