"""What one run of one planted program gave away, and the job of running it, as plain data."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dualflow.core.codec import Serializable


@dataclass(frozen=True)
class Job(Serializable):
    """The program in the file ``path``, to be run in ``arm``, a mode of ours or a peer, plain or with the debug tools.

    ``fault``: the name of what is planted, "" for a control; ``program``: the program's. ``op``, ``names``: by which
    words a message names the guilty op and tensors. ``call``: the function of a user's file that is to be called.
    ``package``, ``mode``: the framework and how it carries the program out, for peers.
    """

    path: str
    arm: str
    tools: bool
    fault: str
    program: str
    op: str = ""
    names: tuple[str, ...] = ()
    call: str = ""
    package: str = ""
    mode: str = ""

    def ended(self, outcome: str, **seen: Any) -> Observation:
        """Return the observation of this job that ended so."""
        return Observation(self.fault, self.program, self.arm, self.tools, outcome, **seen)


@dataclass(frozen=True)
class Observation(Serializable):
    """One program, planted or not, in one arm, plain or with the debug tools on.

    ``fault``: the fault's name, "" for a control. ``outcome``: "raised", "warned", "silent", "crashed" (an end without
    a message) or "timeout". ``phase``: "definition" (while the graph is made, or in eager mode before the first step),
    "first run", "step N", or "never". ``pointed``: the program's lines that the error or warning points at, the most
    precise first: what its text names, then the traceback's own frames from the innermost out. ``noise``: frames of the
    framework below the user's innermost. ``printed``: lines of the traceback. ``names_*``: what the text names.
    ``tensors``, ``concrete``: tensors among the local variables of the dead frames that are the user's, and how many
    hold a value. ``probes``: extra runs until a fixed search has the op that first made a NaN or an infinity, where one
    is in the result; None where there is nothing to search for. ``result``: what the program reached, as flat numbers;
    None where it did not get so far. ``said``: lines that the program printed.
    """

    fault: str
    program: str
    arm: str
    tools: bool
    outcome: str
    phase: str = "never"
    error: str = ""
    message: str = ""
    trace: str = ""
    pointed: tuple[int, ...] = ()
    noise: int = 0
    printed: int = 0
    names_op: bool = False
    names_operands: bool = False
    names_tensor: bool = False
    tensors: int = 0
    concrete: int = 0
    probes: int | None = None
    result: tuple[float, ...] | None = None
    said: int = 0
    seconds: float = 0.0

    @property
    def detected(self) -> bool:
        """Whether there was an error or a warning."""
        return self.outcome in ("raised", "warned")

    def to_json(self) -> dict[str, Any]:
        """Return a plain dictionary.

        JSON has no NaN and no infinity: they are spelled. Results have nine digits, which tell any two float32 apart;
        with all 17 they were more than half of a file.
        """
        result = self.result and [float(f"{x:.9g}") if math.isfinite(x) else str(x) for x in self.result]
        return super().to_json() | {"result": result}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Observation:
        """Rebuild the observation from what ``to_json`` returned."""
        return super().from_json({**data, "result": data["result"] and list(map(float, data["result"]))})
