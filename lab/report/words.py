"""What the pages of the lab say themselves."""

from collections.abc import Mapping

from lab.report.scales import told
from lab.running.record import Claim, Mark, Plot, Record
from lab.texts import Text

LANGUAGES = {"en": "English", "ko": "한국어"}
SITES = {
    "whatisthetime": Text("WhatIsTheTime: no state", "WhatIsTheTime: 상태 없음"),
    "myclothes": Text("MyClothes: state in sessions and a database", "MyClothes: 세션과 데이터베이스의 상태"),
    "mywordpress": Text("MyWordPress: state in files", "MyWordPress: 파일의 상태"),
    "beanstalk": Text("Beanstalk: deployments, workers, starts", "Beanstalk: 배포, 워커, 시작"),
    "storm": Text("A random day", "무작위의 하루"),
}
WORDS = {
    "lab": Text("The lab", "실험실"),
    "skip": Text("To the content", "본문으로"),
    "languages": Text("Languages", "언어"),
    "lead": Text(
        "Every claim of the course is an experiment on the real sites: load that does not wait for answers, a "
        "fault, and a verdict by counts. On the left an architecture fails; on the right the next one holds.",
        "강의의 모든 주장은 실제 사이트에서 하는 실험입니다. 응답을 기다리지 않는 부하를 주고, 고장을 내고, 센 "
        "수로 판정합니다. 왼쪽에서 한 구조가 무너지고, 오른쪽에서 다음 구조가 버팁니다.",
    ),
    "fails": Text("Fails", "무너진다"),
    "holds": Text("Holds", "버틴다"),
    "as_claimed": Text("as the course says", "강의가 말한 대로"),
    "otherwise": Text("not as the course says", "강의와 다르다"),
    "hypothesis": Text("Hypothesis", "가설"),
    "verdict": Text("Verdict", "판정"),
    "topology": Text("Topology", "구성"),
    "claims": Text("What is claimed, and what was found", "주장과 결과"),
    "claim": Text("Claim", "주장"),
    "found": Text("Found", "결과"),
    "bound": Text("Claimed", "한계"),
    "judged": Text("Judged", "판정"),
    "yes": Text("holds", "맞음"),
    "no": Text("does not hold", "틀림"),
    "numbers": Text("Numbers", "수치"),
    "number": Text("Number", "항목"),
    "events": Text("What happened when", "일어난 일"),
    "figures": Text("The figures of this plot", "이 그림의 수치"),
    "second": Text("Second", "초"),
    "row": Text("Row", "줄"),
    "files": Text("Files of this run", "이 실행의 파일"),
    "measured": Text("Measured", "측정"),
    "took": Text("took", "걸린 시간"),
    "cures": Text("The answer to", "해결하는 문제"),
    "not_run": Text("not run yet", "아직 실행하지 않음"),
    "summary": Text("experiments were run", "개 실험을 실행함"),
    "of_them": Text("as the course says", "개가 강의대로"),
    "alone": Text("Measured by itself", "따로 측정"),
}


def bound(claim: Claim, language: str) -> str:
    """The bounds of a claim in words."""
    korean = language == "ko"
    if claim.at_least == claim.at_most:
        return f"{'정확히' if korean else 'exactly'} {told(claim.at_least)}"
    least, most = (told(each) for each in (claim.at_least, claim.at_most))
    if claim.at_least is not None and claim.at_most is not None:
        return f"{least}–{most}"
    if claim.at_most is None:
        return f"{least} 이상" if korean else f"at least {least}"
    return f"{most} 이하" if korean else f"at most {most}"


def span(mark: Mark, language: str) -> str:
    """When something happened."""
    seconds = "초" if language == "ko" else " s"
    return f"{mark.since:.1f}{'' if mark.until is None else f'–{mark.until:.1f}'}{seconds}"


def in_words(plot: Plot, record: Record, language: str) -> str:
    """What a plot shows, for those who do not see it."""
    korean = language == "ko"
    parts = []
    if not plot.rows:
        seconds = max(len(series.values) for series in plot.series) * plot.step
        parts.append(f"0초부터 {told(seconds)}초까지." if korean else f"From 0 to {told(seconds)} seconds.")
    for series in plot.series:
        values = [value for value in series.values if value is not None]
        unit = f" {plot.unit}" if plot.unit else ""
        most = told(max(values, default=None))
        parts.append(f"{series.name}: 최대 {most}{unit}." if korean else f"{series.name}: at most {most}{unit}.")
    if not plot.rows:
        parts += [f"{span(mark, language)}: {getattr(mark.text, language)}." for mark in record.marks]
    return " ".join(parts)


def of(words: Mapping[str, Text], language: str) -> dict[str, str]:
    """All of these in one language."""
    return {name: getattr(text, language) for name, text in words.items()}
