"""World two: define, then run. Ops become nodes; a Session prunes, lowers, compiles and runs them."""

from dualflow.worlds.graph.build import (
    control_dependencies,
    global_variables_initializer,
    gradients,
    graph,
    group,
    name_scope,
    placeholder,
)
from dualflow.worlds.graph.ir.graph import Graph
from dualflow.worlds.graph.ir.symbol import Symbol
from dualflow.worlds.graph.session import Session
from dualflow.worlds.graph.trace.function import function

__all__ = [
    "Graph",
    "Session",
    "Symbol",
    "control_dependencies",
    "function",
    "global_variables_initializer",
    "gradients",
    "graph",
    "group",
    "name_scope",
    "placeholder",
]
