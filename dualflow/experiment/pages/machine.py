"""The machine as a page: what ``dualflow doctor`` prints, and what stands at the end of every report."""

from __future__ import annotations

from collections.abc import Iterable

from dualflow.experiment.measure.machine import VARIABLES, Environment, Limits, Machine
from dualflow.report.document import Block, Document, Heading, KeyValues, Note, Paragraph, Table, document
from dualflow.report.quantity import quantity

HINTS = {"jaxlib": "pip install jax"}


@document.register
def _(machine: Machine, fault: str | None = None) -> Document:
    return Document("dualflow doctor", tuple(blocks(machine)))


def ended(title: str, shown: Iterable[Block], machine: Machine) -> Document:
    """Return a page that ends with the machine that its figures were measured on."""
    return Document(title, (*shown, Heading("Machine"), *blocks(machine)))


def blocks(machine: Machine) -> list[Block]:
    """Return the facts as they stand in a report."""
    environment = machine.environment
    found: list[Block] = [KeyValues.of(_facts(environment))]
    found += [
        Note(f"{name} is not installed; to install it: {HINTS.get(name, f'pip install {name}')}", "warning")
        for name in environment.missing
    ]
    if environment.jax_error is not None:
        found.append(Note(f"JAX cannot run here: {environment.jax_error}", "bad"))
    if machine.limits is not None:
        found += [Heading("Measured limits"), *_limits(machine.limits)]
    return found


def _facts(environment: Environment) -> dict[str, str]:
    e = environment
    unknown = "unknown"
    cores = f"{e.cores:g} usable" + (f" of {e.cores_installed}" if e.cores_installed else "")
    threads = (
        "threads unknown (threadpoolctl is not installed)" if e.blas_threads is None else f"{e.blas_threads} threads"
    )
    if e.jax_devices is None:
        devices = "not asked" if e.versions.get("jax") else "none, JAX is not installed"
    else:
        devices = ", ".join(e.jax_devices) or "none"
    return {
        "Python": e.python,
        **{
            name: version or ("version unknown" if name == "dualflow" else "missing")
            for name, version in e.versions.items()
        },
        "platform": e.platform,
        "processor": e.cpu or unknown,
        "cores": cores,
        "memory": unknown if e.memory is None else f"{e.memory / 2**30:.1f} GiB",
        "last-level cache": unknown if e.last_level_cache is None else f"{e.last_level_cache / 2**20:.0f} MiB",
        "BLAS": f"{e.blas or unknown}, {threads}",
        "JAX devices": devices,
        **(e.variables or {"settings": f"none of {', '.join(VARIABLES[:4])}, XLA_FLAGS … is set"}),
    }


def _limits(limits: Limits) -> list[Block]:
    rows = [[rate.what, rate.library, quantity(rate.value, rate.unit), rate.counted] for rate in limits.rates]
    return [
        Table.of(["limit", "by", ">reached", "counted as"], rows),
        Paragraph(
            f"The clock's smallest step is {quantity(limits.clock_resolution_s, 's')}. "
            f"Measured in {quantity(limits.elapsed_s, 's')}; a busy machine reaches less."
        ),
    ]
