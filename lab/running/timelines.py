"""Answers as plots over time: how many by instance and outcome, and how long they took."""

from collections import defaultdict

from lab.load.answers import Answer, Answers
from lab.running.record import Plot, Series
from lab.texts import Text

STEP_SECONDS = 1.0
PARTS = (50, 95, 99)
SERVED = "answered"


def timelines(answers: Answers) -> list[Plot]:
    """Both plots; none without answers. The last second is left out where less than half of it was under load."""
    if not len(answers):
        return []
    found = _by_slot(answers)
    slots = [Answers(found[number]) for number in range(max(1, round(answers[-1].due / STEP_SECONDS)))]
    return [_requests(slots), _latencies(slots)]


def _by_slot(answers: Answers) -> dict[int, list[Answer]]:
    found: dict[int, list[Answer]] = defaultdict(list)
    for answer in answers:
        found[int(answer.due / STEP_SECONDS)].append(answer)
    return found


def _requests(slots: list[Answers]) -> Plot:
    layers: dict[tuple[bool, str], list[float | None]] = {}
    for number, slot in enumerate(slots):
        for answer in slot:
            values = layers.setdefault((not answer.fine, _layer(answer)), [0] * len(slots))
            values[number] = (values[number] or 0) + 1
    series = [Series(name, layers[failed, name], failed) for failed, name in sorted(layers)]
    title = Text(
        "Requests per second, by who served them or how they failed", "초당 요청: 응답한 인스턴스, 실패한 까닭"
    )
    return Plot("stack", title, "", series, STEP_SECONDS)


def _layer(answer: Answer) -> str:
    if not answer.fine:
        return answer.outcome
    return f"{answer.instance} ({answer.zone})" if answer.zone else answer.instance or SERVED


def _latencies(slots: list[Answers]) -> Plot:
    fine = [slot.where(lambda answer: answer.fine) for slot in slots]
    series = [
        Series(f"p{part}", [round(each.percentile(part) * 1000, 1) if len(each) else None for each in fine])
        for part in PARTS
    ]
    title = Text("Latency of what was served, from when it was due", "응답 지연: 예정된 시각부터")
    return Plot("lines", title, "ms", series, STEP_SECONDS)
