"""The machine a measurement was made on: its versions, its cores, and how fast it can possibly be.

This file knows how to ask Python, the operating system, NumPy and JAX about themselves and how to time a matrix
product and a copy. It does not know any arm or program, and it never guesses: what cannot be found out is None, and
is shown as unknown. JAX is imported only to ask for its devices or to measure it, and only where that is wanted.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import os
import platform
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from dualflow.arms.timing import clock_resolution
from dualflow.core.codec import Serializable

PACKAGES = ("dualflow", "numpy", "jax", "jaxlib")

VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "XLA_FLAGS",
    "XLA_PYTHON_CLIENT_PREALLOCATE",
    "JAX_PLATFORMS",
    "JAX_ENABLE_X64",
    "JAX_DISABLE_JIT",
    "JAX_DEFAULT_MATMUL_PRECISION",
    "JAX_COMPILATION_CACHE_DIR",
    "CUDA_VISIBLE_DEVICES",
    "PYTHONHASHSEED",
    "PYTHONOPTIMIZE",
)
"""Settings known to change how fast, or in what order, the arms compute."""

MATRIX_SIZES = (256, 512, 1024, 2048, 4096, 8192)
"""Two cores stop at 2048 for lack of time; an accelerator is not busy below 4096."""


@dataclass(frozen=True)
class Environment(Serializable):
    """What ran: versions, processor, memory, threads, settings, devices. Taken without measuring anything.

    ``cores`` counts the ones this process may use at once: its affinity mask, further limited by the control group's
    quota, which may be a fraction. Memory is in bytes. ``jax_devices`` is None where JAX was not asked, and empty
    where it could not answer; ``jax_error`` then says why.
    """

    python: str
    versions: dict[str, str | None]
    platform: str
    cpu: str | None
    cores: float
    cores_installed: int | None
    memory: int | None
    last_level_cache: int | None
    blas: str | None
    blas_threads: int | None
    variables: dict[str, str]
    jax_devices: tuple[str, ...] | None
    jax_error: str | None

    @property
    def missing(self) -> tuple[str, ...]:
        """The packages dualflow would use that are not installed."""
        return tuple(name for name, version in self.versions.items() if version is None and name != "dualflow")


@dataclass(frozen=True)
class Rate:
    """One measured limit: ``value`` in ``unit``, by ``library``, and how it was counted."""

    what: str
    library: str
    value: float
    unit: str
    counted: str


@dataclass(frozen=True)
class Limits(Serializable):
    """What this machine reached just now: rates, and the smallest step its clock can show, in seconds."""

    rates: tuple[Rate, ...]
    clock_resolution_s: float
    elapsed_s: float

    def best(self, what: str, library: str) -> float | None:
        """Return the rate reached by a library whose name begins so, or None if it was not measured."""
        return next((r.value for r in self.rates if r.what == what and r.library.startswith(library)), None)


@dataclass(frozen=True)
class Machine(Serializable):
    """An environment and, if they were measured, its limits."""

    environment: Environment
    limits: Limits | None = None

    def same(self, other: Machine) -> bool:
        """Return whether it is the same machine with the same software, whatever was asked of it."""
        one, two = (replace(each.environment, jax_devices=None, jax_error=None) for each in (self, other))
        return one == two


def inspect(*, quick: bool = False, budget_s: float = 2.5) -> Machine:
    """Describe this machine; measure its limits too unless ``quick``.

    Quick means within milliseconds: nothing is measured, and JAX is asked for its devices only if the program has
    already imported it. The measurement needs about ``budget_s`` and up to 1 GiB, at most an eighth of the memory.
    """
    ask_jax = "jax" in sys.modules or (not quick and _version("jax") is not None)
    environment = _environment(ask_jax)
    if quick:
        return Machine(environment)
    started = time.perf_counter()
    rates = tuple(_rates(environment, bool(environment.jax_devices), budget_s))
    return Machine(environment, Limits(rates, clock_resolution(), time.perf_counter() - started))


# --- what it is ----------------------------------------------------------------------------------------------------


def _environment(ask_jax: bool) -> Environment:
    blas, threads = _blas()
    devices, error = _jax_devices() if ask_jax else (None, None)
    return Environment(
        python=f"{platform.python_version()} ({platform.python_implementation()})",
        versions={name: _version(name) for name in PACKAGES},
        platform=f"{platform.system()} {platform.release()} {platform.machine()}",
        cpu=_cpu(),
        cores=_cores(),
        cores_installed=os.cpu_count(),
        memory=_memory(),
        last_level_cache=_last_level_cache(),
        blas=blas,
        blas_threads=threads,
        variables={name: os.environ[name] for name in VARIABLES if name in os.environ},
        jax_devices=devices,
        jax_error=error,
    )


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        # A checkout on sys.path has no metadata, but the module may say.
        return getattr(sys.modules.get(package), "__version__", None)


def _cpu() -> str | None:
    named = re.search(r"^model name\s*:\s*(.+)$", _contents("/proc/cpuinfo") or "", re.MULTILINE)
    if named:
        return named[1].strip()
    if sys.platform == "darwin":
        found = subprocess.run(
            ["sysctl", "-n", "machdep.cpu.brand_string"], capture_output=True, text=True, check=False
        ).stdout.strip()
        if found:
            return found
    return platform.processor() or None


def _cores() -> float:
    if hasattr(os, "sched_getaffinity"):
        usable = len(os.sched_getaffinity(0))
    else:  # macOS and Windows cannot be asked
        usable = os.cpu_count() or 1
    quota = _quota()
    return float(usable) if quota is None else min(float(usable), quota)


def _quota() -> float | None:
    """Return the cores' worth of time that a container may use, or None if it is not limited."""
    second = (_contents("/sys/fs/cgroup/cpu.max") or "").split()  # "200000 100000" or "max 100000"
    if len(second) == 2 and second[0] != "max":
        return int(second[0]) / int(second[1])
    first = _contents("/sys/fs/cgroup/cpu/cpu.cfs_quota_us"), _contents("/sys/fs/cgroup/cpu/cpu.cfs_period_us")
    if first[0] and first[1] and int(first[0]) > 0:  # -1 is no limit
        return int(first[0]) / int(first[1])
    return None


def _memory() -> int | None:
    names = getattr(os, "sysconf_names", {})
    if "SC_PHYS_PAGES" not in names or "SC_PAGE_SIZE" not in names:
        return None
    total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    for path in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        limit = (_contents(path) or "").strip()
        if limit.isdigit():  # "max" is no limit
            total = min(total, int(limit))
    return total if total > 0 else None


def _last_level_cache() -> int | None:
    sizes = []
    for path in Path("/sys/devices/system/cpu/cpu0/cache").glob("index*/size"):
        size = re.fullmatch(r"(\d+)([KMG])\s*", _contents(path) or "")
        if size:
            sizes.append(int(size[1]) * {"K": 2**10, "M": 2**20, "G": 2**30}[size[2]])
    return max(sizes, default=None)


def _blas() -> tuple[str | None, int | None]:
    """Return the name and version of NumPy's BLAS, and how many threads it uses if threadpoolctl is there to ask."""
    built: Any = np.show_config(mode="dicts")
    linked = built.get("Build Dependencies", {}).get("blas", {}) if built else {}
    name = " ".join(part for part in (linked.get("name"), linked.get("version")) if part) or None
    if importlib.util.find_spec("threadpoolctl") is None:
        return name, None
    pools = importlib.import_module("threadpoolctl").threadpool_info()
    threads = [int(pool["num_threads"]) for pool in pools if pool.get("user_api") == "blas"]
    return name, max(threads, default=None)


def _jax_devices() -> tuple[tuple[str, ...], str | None]:
    """Return JAX's devices, or none and the reason: a broken installation is what this command is asked about."""
    try:
        import jax

        devices = jax.devices()
    except Exception as error:  # jaxlib too old, a platform that is not there, a driver that does not start …
        return (), f"{type(error).__name__}: {error}"
    return tuple(f"{device.platform}:{device.id} {device.device_kind}" for device in devices), None


def _contents(path: str | Path) -> str | None:
    """Return a system file's text, or None where this system has no such file or does not show it."""
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None


# --- how fast it is ------------------------------------------------------------------------------------------------


def _rates(environment: Environment, with_jax: bool, budget_s: float) -> list[Rate]:
    # Half of the budget for the timed calls; filling arrays, compiling and first calls take about the other half.
    share = budget_s / 2 / (4 if with_jax else 2)
    size = _array_bytes(environment)
    rates = [_numpy_product(share), _numpy_copy(size, share)]
    if with_jax:
        rates += [_jax_product(share), _jax_triad(size, share)]
    return rates


def _array_bytes(environment: Environment) -> int:
    """Choose arrays that no cache holds: four times the last level (STREAM's rule), within the memory there is."""
    cache = environment.last_level_cache or 64 * 2**20
    memory = environment.memory or 4 * 2**30
    # Three arrays are the most in use at once, so 1/24 each keeps them within an eighth of the memory.
    return min(max(4 * cache, 64 * 2**20), 320 * 2**20, memory // 24)


def _numpy_product(budget_s: float) -> Rate:
    def product(n: int) -> Callable[[], object]:
        a, b, out = _matrix(n), _matrix(n), np.empty((n, n), np.float32)
        return lambda: np.matmul(a, b, out=out)

    return _best_product("NumPy", product, budget_s)


def _jax_product(budget_s: float) -> Rate:
    import jax

    @jax.jit
    def matmul(a: Any, b: Any) -> Any:
        return a @ b

    def product(n: int) -> Callable[[], object]:
        a, b = jax.device_put(_matrix(n)), jax.device_put(_matrix(n))
        return lambda: matmul(a, b).block_until_ready()

    return _best_product(f"jax.jit on {jax.devices()[0].platform}", product, budget_s)


def _best_product(library: str, product: Callable[[int], Callable[[], object]], budget_s: float) -> Rate:
    """Time square matrix products of growing size and keep the best rate.

    A product of two n×n matrices counts as 2 n³ operations, the additions and the multiplications.
    """
    best, best_n = 0.0, 0
    for n in MATRIX_SIZES:
        elapsed = _fastest(product(n), budget_s / len(MATRIX_SIZES))
        if 2 * n**3 / elapsed > best:
            best, best_n = 2 * n**3 / elapsed, n
        if 8 * elapsed > budget_s:  # the next size takes eight times as long
            break
    counted = f"float32, {best_n}×{best_n}, 2n³ operations, best of several sizes"
    return Rate("matrix product", library, best, "FLOP/s", counted)


def _matrix(n: int) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Return a matrix of ordinary numbers: denormal or zero entries may take another time."""
    return np.random.default_rng(0).random((n, n), np.float32)


def _numpy_copy(size: int, budget_s: float) -> Rate:
    source = np.ones(size // 4, np.float32)
    target = np.zeros_like(source)
    target.fill(0)  # touch every page now, or the first copy measures the kernel handing them out
    elapsed = _fastest(lambda: np.copyto(target, source), budget_s)
    counted = f"copy, one thread: bytes read + bytes written, {size / 2**20:.0f} MiB arrays"
    return Rate("memory bandwidth", "NumPy", 2 * source.nbytes / elapsed, "B/s", counted)


def _jax_triad(size: int, budget_s: float) -> Rate:
    import jax

    # In place, because a new result each time would measure page faults: 8 GB/s instead of 48 on one machine.
    @partial(jax.jit, donate_argnums=0)
    def triad(a: Any, b: Any) -> Any:
        return a + 3.0 * b

    a, b = jax.device_put(np.zeros(size // 4, np.float32)), jax.device_put(np.ones(size // 4, np.float32))

    def step() -> None:
        nonlocal a
        a = triad(a, b).block_until_ready()

    elapsed = _fastest(step, budget_s)
    counted = f"a = a + 3b: bytes of a and b read + of a written, {size / 2**20:.0f} MiB arrays"
    return Rate("memory bandwidth", f"jax.jit on {jax.devices()[0].platform}", 3 * b.nbytes / elapsed, "B/s", counted)


def _fastest(call: Callable[[], object], budget_s: float, clock: Callable[[], float] = time.perf_counter) -> float:
    """Return the shortest of the calls that fit in the budget, at least two, the first (which may compile) apart.

    The shortest, because a limit is asked for, and other processes can only add to it.
    """
    call()
    started = clock()
    shortest = float("inf")
    calls = 0
    while calls < 2 or clock() - started < budget_s:
        before = clock()
        call()
        shortest = min(shortest, clock() - before)
        calls += 1
    return max(shortest, 1e-9)
