"""Passes: from the nodes of a graph to those of a plan, and what is known of them."""
