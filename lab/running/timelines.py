"""Answers as plots over time: how many by instance and outcome, and how long they took."""

from collections import defaultdict

from lab.load.answers import Answer, Answers
from lab.running.record import Plot, Series
from lab.texts import Text

# A plot of more columns than that cannot be read.
MOST_SLOTS = 150
STEPS = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
PARTS = (50, 95, 99)
SERVED = "answered"


def timelines(answers: Answers) -> list[Plot]:
    """Both plots, by the second or by some seconds; none without answers.

    The last of them is left out where less than half of it was under load.
    """
    if not len(answers):
        return []
    last = answers[-1].due
    step = next((each for each in STEPS if last / each <= MOST_SLOTS), STEPS[-1])
    found = _by_slot(answers, step)
    slots = [Answers(found[number]) for number in range(max(1, round(last / step)))]
    return [_requests(slots, step), _latencies(slots, step)]


def _by_slot(answers: Answers, step: float) -> dict[int, list[Answer]]:
    found: dict[int, list[Answer]] = defaultdict(list)
    for answer in answers:
        found[int(answer.due / step)].append(answer)
    return found


def _requests(slots: list[Answers], step: float) -> Plot:
    layers: dict[tuple[bool, str], list[int]] = {}
    for number, slot in enumerate(slots):
        for answer in slot:
            values = layers.setdefault((not answer.fine, _layer(answer)), [0] * len(slots))
            values[number] += 1
    series = [
        Series(name, [round(count / step, 2) for count in layers[failed, name]], failed)
        for failed, name in sorted(layers)
    ]
    title = Text(
        "Requests per second, by who served them or how they failed", "초당 요청: 응답한 인스턴스, 실패한 까닭"
    )
    return Plot("stack", title, "", series, step)


def _layer(answer: Answer) -> str:
    if not answer.fine:
        return answer.outcome
    return f"{answer.instance} ({answer.zone})" if answer.zone else answer.instance or SERVED


def _latencies(slots: list[Answers], step: float) -> Plot:
    fine = [slot.where(lambda answer: answer.fine) for slot in slots]
    series = [
        Series(f"p{part}", [round(each.percentile(part) * 1000, 1) if len(each) else None for each in fine])
        for part in PARTS
    ]
    title = Text("Latency of what was served, from when it was due", "응답 지연: 예정된 시각부터")
    return Plot("lines", title, "ms", series, step)
