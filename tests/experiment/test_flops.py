"""Work counted from shapes: known graphs, whose operations and bytes are worked out by hand."""

import dualflow as df
from dualflow.experiment.measure.flops import Workload, count, fused_bytes, latest


def counted(python, *args, compile=False):
    step = df.function(python)
    with df.mode("graph", compile=compile):
        step(*args)
    return count(latest(step))


def test_products_count_two_operations_for_each_multiplication():
    work = counted(lambda a, b: a @ b, df.ones(5, 2, 3), df.ones(3, 4))
    assert work.flops == 2 * 5 * 2 * 4 * 3
    assert work.bytes == 4 * (5 * 2 * 3 + 3 * 4 + 5 * 2 * 4)
    assert counted(lambda a, b: a @ b, df.ones(7), df.ones(7)).flops == 14
    layer = df.nn.Linear(6, 3)
    assert counted(layer, df.ones(4, 6)).ops["linear"][:2] == (1, 2 * 4 * 6 * 3)


def test_a_convolution_and_both_its_gradients_count_alike():
    x, w = df.ones(2, 4, 8, 8), df.Variable(df.ones(6, 2, 3, 3))

    def step(x):
        x = x * 1.0
        y = df.nn.functional.conv2d(x * w.sum(), w, stride=2, padding=1, groups=2)
        y.sum().backward()
        gradient, w.grad = w.grad, None
        return gradient

    work = counted(step, x)
    once = 2 * (2 * 6 * 4 * 4) * (2 * 3 * 3)
    kinds = ("convolve", "deconvolve", "convolve_weight_like")
    assert {name: work.ops[name][:2] for name in kinds} == dict.fromkeys(kinds, (1, once))
    assert counted(lambda x: df.nn.functional.conv2d(x, w, stride=2, padding=1, groups=2), x).flops == once


def test_elementwise_ops_move_bytes_and_views_do_not():
    work = counted(lambda a: (a.T + 1).sum(), df.ones(3, 5))
    assert work.flops == 0
    assert work.ops == {"add": (1, 0, 120), "sum": (1, 0, 64)}


def test_reading_and_assigning_a_variable_moves_nothing():
    w = df.Variable(df.ones(10))

    def step():
        w.assign(w * 2)

    assert counted(step).ops == {"multiply": (1, 0, 80)}


def test_a_compiled_plan_tells_what_the_fused_program_moves():
    step = df.function(lambda a: ((a * 2 + 1) * a - 3) * a)
    with df.mode("graph"):
        step(df.ones(1000))
    plan = latest(step)
    assert fused_bytes(plan) == 8000 < count(plan).bytes
    with df.mode("graph", compile=False):
        other = df.function(lambda a: a * 2)
        other(df.ones(3))
    assert fused_bytes(latest(other)) is None


def test_what_cannot_be_counted_is_named():
    work = counted(lambda a: df.linalg.inv(a), df.eye(3))
    assert work.uncounted == ("inv",) and work.flops == 0
    assert Workload.from_json(work.to_json()) == work


def test_the_report_shows_rates_and_shares_of_limits():
    import dataclasses

    from dualflow.experiment.measure.machine import Limits, Rate
    from dualflow.experiment.results.report import Report
    from dualflow.report import document, to_text

    w = df.Variable(df.ones(8, 8))
    report = df.compare(lambda x: (x @ w).sum(), df.ones(4, 8), steps=1, budget_s=0.01)
    assert report.speed.workloads["eager"].flops == report.speed.workloads["compiled"].flops == 2 * 4 * 8 * 8
    assert Report.from_json(report.to_json()).speed.workloads == report.speed.workloads
    assert "limits were not measured" in " ".join(to_text(document(report), width=80).split())
    limits = ("matrix product", 1e12, "FLOP/s"), ("memory bandwidth", 1e11, "B/s")
    rates = [Rate(what, by, value, unit, "") for what, value, unit in limits for by in ("NumPy", "jax.jit on cpu")]
    machine = dataclasses.replace(report.machine, limits=Limits(tuple(rates), 1e-7, 1.0))
    text = to_text(document(dataclasses.replace(report, machine=machine)), width=80)
    assert "of its limit" in text and "limits were not measured" not in text
    assert max(map(len, text.splitlines())) <= 80
