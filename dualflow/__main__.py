"""``python -m dualflow`` is ``dualflow``."""

from dualflow.cli import main

main(prog_name="dualflow")
