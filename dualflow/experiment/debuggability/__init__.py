"""How debuggable is a mode? Faults planted in real programs, run in every arm, and what the runs gave away.

``witness`` runs one program in one arm, in a process of its own, and writes down a ``Observation``; ``trial`` sends
witnesses out, in parallel and with a time limit. Measures and tables are made from records alone.
"""
