"""World two: define, then run. Ops become nodes; a Session prunes, lowers, compiles and runs them."""

from dualflow.graph.build import (
    control_dependencies,
    global_variables_initializer,
    gradients,
    graph,
    group,
    name_scope,
    placeholder,
)
from dualflow.graph.function import function
from dualflow.graph.graph import Graph
from dualflow.graph.session import Session
from dualflow.graph.symbol import Symbol

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
