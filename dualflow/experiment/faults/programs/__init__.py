"""The programs that faults are planted in: plain scripts, each a control of its own when nothing is planted.

A script takes a few steps in well under a second, appends the loss of each to ``losses`` and leaves what it reached
in ``result``, from which the experiment sees how far it came and whether a mistake changed anything. Scripts are
read and run as text, never imported, so that a planted mistake stands on a real line of a real file.
"""
