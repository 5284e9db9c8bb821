"""The verdict in plain words: one paragraph, written from the numbers and from nothing else.

It knows which sentences the numbers allow. Where no difference could be shown it says so, where eager is the faster
one it says that, and a pay-back that is only likely is called likely.
"""

from __future__ import annotations

from statistics import median

from dualflow.experiment.measure.statistics import BreakEven, Comparison
from dualflow.experiment.results.findings import Findings, Speed
from dualflow.report.quantity import percent, quantity, seconds

CALLED = {"eager": "eager", "interpreted": "the interpreted graph", "compiled": "the compiled graph"}
KIND = {"result": "result", "gradient": "gradient", "state": "state after the step"}


def verdict(report: Findings) -> str:
    """Return in one paragraph what a report means."""
    if not report.passed:
        return " ".join([disagreement(report), "Nothing was timed: the speed of a wrong answer is of no use."])
    sentences = [agreement(report)]
    speed = report.speed
    if speed is None:
        sentences.append("Nothing was timed: only parity was asked for.")
    elif speed.pair is None:
        arm = speed.arms[0]
        sentences.append(f"A step takes {seconds(speed.steady(arm).median)} once it runs.")
    else:
        ratio, back = speed.ratio(*speed.pair), speed.pays_back(*speed.pair)
        sentences += [steady(speed, ratio), paying_back(speed, ratio, back)]
        if "interpreted" in speed.arms and speed.pair == ("eager", "compiled"):
            sentences.append(halfway(speed, ratio))
    return " ".join(sentences)


def headline(report: Findings) -> list[str]:
    """Return in a sentence or two what there is to remember: do they agree, and does compiling pay."""
    if not report.passed:
        return [f"On {report.name} the arms do not compute the same."]
    speed = report.speed
    if speed is None or speed.pair is None:
        return []
    ratio, back = speed.ratio(*speed.pair), speed.pays_back(*speed.pair)
    arm, other = CALLED[back.arm], CALLED[back.other]
    if ratio.faster is None:
        once = f"{CALLED[ratio.a]} and {CALLED[ratio.b]} show no difference in speed"
        return [f"On {report.name} all arms compute the same, and {once}."]
    faster = f"{CALLED[ratio.faster]} is {quantity(ratio.speedup.value)} times as fast"
    if back.steps is None:
        paid = f"so that {arm} never pays back what it costs to start"
    elif back.steps == 0:
        paid = f"and ahead of {other} from the first step on" if back.arm == ratio.faster else "once it runs"
    else:
        perhaps = "by the medians, " if back.high is None else ""
        paid = f"and {perhaps}has paid back what it costs to start after {back.steps:,} steps"
    return [f"On {report.name} all arms compute the same; {faster}, {paid}."]


def disagreement(report: Findings) -> str:
    """Describe where the arms first differ, with both values."""
    failure = report.parity.failure
    assert failure is not None
    off = failure.gap
    when = f"at step {failure.step}" if failure.step else "before the first step"
    kind = KIND[failure.kind] if failure.step else "state that the program was built with"
    place = f"[{', '.join(map(str, off.index))}]" if off.index else ""
    text = (
        f"The arms do not compute the same. They differ first {when}, in the {kind}: {off.name}{place} is "
        f"{off.expected} in {CALLED[report.parity.reference]} and {off.found} in {CALLED[failure.arm]}"
    )
    text = f"{text} ({off.reason})." if off.reason else f"{text}; rounding allows {off.allowed:.2g} between them."
    if not failure.repeats:
        itself = CALLED[report.parity.reference].capitalize()
        text += (
            f" {itself} does not repeat itself either: from the same state the step gives another answer, so it "
            "depends on something that dualflow cannot see, such as a Python counter, the time, or another library's "
            "random numbers."
        )
    return text


def agreement(report: Findings) -> str:
    """Describe how far the arms agree."""
    arms = len(report.arms)
    if arms < 2:
        return f"Only one arm ran, {CALLED[report.arms[0]]}, so there was nothing to compare it with."
    steps = "the one step" if report.steps == 1 else f"each of {report.steps:,} steps"
    text = f"{'Both' if arms == 2 else f'All {arms}'} arms compute the same: at {steps} they agreed to within rounding"
    shared = []
    scores = report.training.scores
    for name in next(iter(scores.values()), {}):
        values = {arm: scores[arm][name] for arm in report.arms}
        if len(set(values.values())) == 1:
            shared.append(f"{name} is {percent(next(iter(values.values())))} in every arm")
        else:
            each = ", ".join(f"{percent(value)} in {CALLED[arm]}" for arm, value in values.items())
            shared.append(f"rounding added up over the steps shows in the {name}: {each}")
    return f"{text}; {'; '.join(shared)}." if shared else f"{text}."


def steady(speed: Speed, ratio: Comparison) -> str:
    """Describe which arm is faster once both run."""
    a, b = ratio.a, ratio.b
    times = (
        f"Once it runs, a step takes {seconds(speed.steady(a).median)} in {CALLED[a]} and "
        f"{seconds(speed.steady(b).median)} in {CALLED[b]}"
    )
    r = ratio.ratio
    if ratio.faster is None:
        return f"{times}: no demonstrable difference (ratio {quantity(r.value)}, 95 % interval {_span(r.low, r.high)})."
    s = ratio.speedup
    faster = CALLED[ratio.faster]
    return f"{times}: {faster} is {quantity(s.value)} times as fast (95 % interval {_span(s.low, s.high)})."


def paying_back(speed: Speed, ratio: Comparison, back: BreakEven) -> str:
    """Describe whether, and when, the arm that is dearer to start has paid for its start."""
    arm, other = CALLED[back.arm], CALLED[back.other]
    once = median(speed.once(back.arm))
    start = f"Getting {arm} to run costs {seconds(once)} once"
    if back.steps is None:
        if ratio.faster is None:
            return f"{start}, and with no difference to earn it back by, {other} is the choice here."
        return f"{start}, which never pays back here: {other} is the choice for this step, however many there are."
    if back.steps == 0:
        return f"{arm[0].upper()}{arm[1:]} costs no more to start either, so it is ahead from the first step on."
    if ratio.faster is None or back.high is None:
        return (
            f"{start}. By the medians that is earned back after {back.steps:,} steps, but it is not certain that it "
            f"ever is (95 % interval {back.interval})."
        )
    return (
        f"{start}, and every step earns some of it back: it has paid after {back.steps:,} "
        f"step{'s' if back.steps != 1 else ''} (95 % interval {back.interval}). For fewer steps than that {other} is "
        "done sooner."
    )


def halfway(speed: Speed, ratio: Comparison) -> str:
    """Describe how much of the difference is the graph's doing and how much the compiler's."""
    middle = speed.ratio("eager", "interpreted")
    value = seconds(speed.steady("interpreted").median)
    times = quantity(middle.speedup.value)
    if middle.faster is None:
        relation = "no demonstrable difference from eager"
    elif middle.faster == "interpreted":
        relation = f"{times} times as fast as eager"
    else:
        relation = f"{times} times as long as eager"
    text = f"The same graph run without compiling takes {value}, {relation}"
    if ratio.faster == "compiled" and middle.faster != "interpreted":
        return f"{text}: the gain is the compiler's, not the graph's."
    return f"{text}."


def _span(low: float, high: float) -> str:
    return f"{quantity(low)} to {quantity(high)}"
