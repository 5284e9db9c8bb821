"""Many elements to few: totals, orders, counts."""
