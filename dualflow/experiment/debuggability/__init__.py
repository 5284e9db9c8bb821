"""How debuggable is a mode? Faults planted in real programs, run in every arm, and what the runs gave away.

``observer`` runs one program in one arm, in a process of its own, and writes down an ``Observation``; ``trials`` starts
observers, in parallel and with a time limit. Measures and tables are made from observations alone.
"""
