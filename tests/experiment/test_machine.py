"""What the doctor says is what the machine says, and what it cannot know it calls unknown."""

import json
import os
import platform
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from dualflow.experiment.measure import machine
from dualflow.experiment.measure.machine import Environment, Limits, Machine, Rate
from dualflow.report import document, to_text

SMALL = Environment(
    python="3.12.1 (CPython)",
    versions={"dualflow": "0.1.0", "numpy": "2.4.6", "jax": "0.10.2", "jaxlib": "0.10.2"},
    platform="Linux 6.1 x86_64",
    cpu="A Processor",
    cores=1.5,
    cores_installed=8,
    memory=16 * 2**30,
    last_level_cache=32 * 2**20,
    blas="openblas 0.3",
    blas_threads=2,
    variables={"OMP_NUM_THREADS": "2"},
    jax_devices=("cpu:0 cpu",),
    jax_error=None,
)
LIMITS = Limits(
    (
        Rate("matrix product", "NumPy", 181.2e9, "FLOP/s", "float32, 512×512, 2n³ operations, best of several sizes"),
        Rate(
            "memory bandwidth", "NumPy", 22.3e9, "B/s", "copy, one thread: bytes read + bytes written, 128 MiB arrays"
        ),
    ),
    2.3e-7,
    2.04,
)


@pytest.fixture
def files(monkeypatch):
    """System files as this test wants them."""
    contents = {}
    monkeypatch.setattr(machine, "_contents", lambda path: contents.get(str(path)))
    return contents


def test_the_doctor_prints_exactly_this():
    assert to_text(document(Machine(SMALL, LIMITS)), 80) == (
        "dualflow doctor\n"
        "═══════════════\n"
        "\n"
        "Python            3.12.1 (CPython)\n"
        "dualflow          0.1.0\n"
        "numpy             2.4.6\n"
        "jax               0.10.2\n"
        "jaxlib            0.10.2\n"
        "platform          Linux 6.1 x86_64\n"
        "processor         A Processor\n"
        "cores             1.5 usable of 8\n"
        "memory            16.0 GiB\n"
        "last-level cache  32 MiB\n"
        "BLAS              openblas 0.3, 2 threads\n"
        "JAX devices       cpu:0 cpu\n"
        "OMP_NUM_THREADS   2\n"
        "\n"
        "Measured limits\n"
        "───────────────\n"
        "\n"
        "limit             by         reached  counted as\n"
        "────────────────  ─────  ───────────  ──────────────────────────────────────────\n"
        "matrix product    NumPy  181 GFLOP/s  float32, 512×512, 2n³ operations, best of\n"
        "                                      several sizes\n"
        "memory bandwidth  NumPy    22.3 GB/s  copy, one thread: bytes read + bytes\n"
        "                                      written, 128 MiB arrays\n"
        "\n"
        "The clock's smallest step is 230 ns. Measured in 2.04 s; a busy machine reaches\n"
        "less.\n"
    )


def test_what_is_unknown_is_called_so():
    bare = replace(
        SMALL,
        cpu=None,
        memory=None,
        last_level_cache=None,
        blas=None,
        blas_threads=None,
        cores=2.0,
        cores_installed=None,
        variables={},
        jax_devices=None,
    )
    facts = dict(line.split(None, 1) for line in to_text(document(Machine(bare))).splitlines() if "  " in line)
    assert facts["processor"] == facts["memory"] == "unknown"
    assert facts["cores"] == "2 usable"
    assert facts["BLAS"] == "unknown, threads unknown (threadpoolctl is not installed)"
    assert facts["settings"].startswith("none of OMP_NUM_THREADS")
    assert "devices       not asked" in facts["JAX"]


def test_a_missing_package_is_named_with_the_way_to_install_it():
    without = replace(SMALL, versions={**SMALL.versions, "jax": None}, jax_devices=None)
    text = to_text(document(Machine(without)))
    assert without.missing == ("jax",)
    assert "jax               missing" in text
    assert "JAX devices       none, JAX is not installed" in text
    assert "Warning: jax is not installed; to install it: pip install jax" in text


def test_a_jax_that_cannot_start_is_reported_not_raised():
    program = (
        "import json; from dualflow.experiment.measure.machine import _environment;"
        "print(json.dumps(_environment(True).to_json()))"
    )
    environment = {**os.environ, "JAX_PLATFORMS": "abacus", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=True)
    found = json.loads(done.stdout)
    assert found["jax_devices"] == []
    assert "abacus" in found["jax_error"]
    broken = Machine(replace(SMALL, jax_devices=(), jax_error="RuntimeError: no abacus"))
    assert "Failed: JAX cannot run here: RuntimeError: no abacus" in to_text(document(broken))


def test_quick_measures_nothing_and_leaves_jax_and_rich_alone():
    program = (
        "import sys; from dualflow.experiment.measure.machine import inspect; from dualflow.report import document;"
        "m = inspect(quick=True); document(m).to_json();"
        "assert m.limits is None and m.environment.jax_devices is None;"
        "sys.exit('jax' in sys.modules or 'rich' in sys.modules)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    subprocess.run([sys.executable, "-c", program], env=environment, check=True)


def test_the_quick_form_tells_the_truth_about_this_process(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    monkeypatch.delenv("XLA_FLAGS", raising=False)
    environment = machine.inspect(quick=True).environment
    assert environment.python.startswith(platform.python_version())
    assert environment.versions["numpy"] == np.__version__
    assert environment.variables["OMP_NUM_THREADS"] == "3"
    assert "XLA_FLAGS" not in environment.variables
    assert 0 < environment.cores <= os.cpu_count()
    assert environment.memory is None or environment.memory > 2**20


def test_measuring_finds_positive_rates_and_says_how_they_are_counted(monkeypatch):
    monkeypatch.setattr(machine, "_version", lambda package: None)
    monkeypatch.delitem(sys.modules, "jax", raising=False)
    monkeypatch.setattr(machine, "_array_bytes", lambda environment: 2**20)
    limits = machine.inspect(budget_s=0.02).limits
    assert [(rate.what, rate.library, rate.unit) for rate in limits.rates] == [
        ("matrix product", "NumPy", "FLOP/s"),
        ("memory bandwidth", "NumPy", "B/s"),
    ]
    assert all(rate.value > 0 for rate in limits.rates)
    assert "2n³ operations" in limits.rates[0].counted
    assert "1 MiB arrays" in limits.rates[1].counted


def test_jax_is_measured_beside_numpy_where_it_runs(monkeypatch):
    pytest.importorskip("jax")
    monkeypatch.setattr(machine, "_array_bytes", lambda environment: 2**20)
    found = machine.inspect(budget_s=0.02)
    assert found.environment.jax_devices
    libraries = [rate.library for rate in found.limits.rates]
    assert libraries[:2] == ["NumPy", "NumPy"]
    assert libraries[2] == libraries[3] and libraries[2].startswith("jax.jit on ")
    assert all(rate.value > 0 for rate in found.limits.rates)


def test_a_rate_is_the_counted_work_over_the_shortest_time(monkeypatch):
    monkeypatch.setattr(machine, "_fastest", lambda call, budget_s: 0.5)
    monkeypatch.setattr(machine, "MATRIX_SIZES", (64,))
    assert machine._numpy_product(1.0).value == 2 * 64**3 / 0.5
    assert machine._numpy_copy(2**20, 1.0).value == 2 * 2**20 / 0.5


def test_the_best_size_counts_and_growing_stops_in_time(monkeypatch):
    seconds = {256: 1.0, 512: 1.0, 1024: 100.0}
    tried = []

    def product(n):
        tried.append(n)
        return lambda: n

    monkeypatch.setattr(machine, "_fastest", lambda call, budget_s: seconds[call()])
    rate = machine._best_product("fake", product, budget_s=50.0)
    assert rate.value == 2 * 512**3 / 1.0 and "512×512" in rate.counted
    assert tried == [256, 512, 1024]  # not 2048, which would take 800 s


def test_the_shortest_call_is_kept_and_the_first_is_not_timed():
    started, calls = [0.0], []
    first, second, looked, third, looked_again = [1.0, 1.5], [2.0, 2.4], [2.5], [2.6, 2.95], [3.1]
    readings = iter(started + first + second + looked + third + looked_again)
    assert machine._fastest(lambda: calls.append(1), 3.0, lambda: next(readings)) == pytest.approx(0.35)
    assert len(calls) == 1 + 3


def test_arrays_exceed_every_cache_but_leave_memory_free():
    assert machine._array_bytes(SMALL) == 4 * SMALL.last_level_cache
    assert machine._array_bytes(replace(SMALL, last_level_cache=None)) == 256 * 2**20
    assert machine._array_bytes(replace(SMALL, last_level_cache=2**20)) == 64 * 2**20
    assert machine._array_bytes(replace(SMALL, memory=2**30)) == 2**30 // 24


@pytest.mark.parametrize(
    ("contents", "quota"),
    [
        ({"/sys/fs/cgroup/cpu.max": "150000 100000\n"}, 1.5),
        ({"/sys/fs/cgroup/cpu.max": "max 100000\n"}, None),
        ({"/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n", "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n"}, None),
        ({"/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "50000\n", "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n"}, 0.5),
        ({}, None),
    ],
)
def test_a_containers_share_of_the_cores_is_read(files, contents, quota):
    files.update(contents)
    assert machine._quota() == quota
    assert machine._cores() <= (quota or np.inf)


def test_a_containers_memory_is_its_limit(files):
    unlimited = machine._memory()
    files["/sys/fs/cgroup/memory.max"] = "max\n"
    assert machine._memory() == unlimited
    files["/sys/fs/cgroup/memory.max"] = str(2**26)
    assert unlimited is None or machine._memory() == 2**26


def test_the_processor_is_the_one_the_kernel_names(files):
    files["/proc/cpuinfo"] = "processor\t: 0\nmodel name\t: A Fine Processor @ 3 GHz\nprocessor\t: 1\n"
    assert machine._cpu() == "A Fine Processor @ 3 GHz"


def test_a_machine_survives_json():
    for found in (Machine(SMALL, LIMITS), Machine(replace(SMALL, jax_devices=None))):
        assert Machine.from_json(json.loads(json.dumps(found.to_json(), allow_nan=False))) == found
