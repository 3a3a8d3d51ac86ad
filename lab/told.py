"""The course in words, docs/course.md and its Korean twin: their figures are those of the runs that are kept.

Each experiment has one line there, which begins with its command. The rest of that line is written here, never by hand.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from beanstalk.commands import ROOT
from lab import figures
from lab.report.summary import KEPT
from lab.running.record import Record

DOCUMENTS: Mapping[str, Path] = {"en": ROOT / "docs/course.md", "ko": ROOT / "docs/course.ko.md"}
_LINE = re.compile(r"^> `python -m lab run (?P<name>[a-z]+(?:/[a-z0-9-]+)?)`.*$", re.MULTILINE)
_NOT_SO = {"en": "Not as the course says: ", "ko": "강의와 다릅니다: "}
_NOT_RUN = {"en": "No run is kept yet.", "ko": "아직 보관한 실행이 없습니다."}


def tell_kept() -> None:
    """Write the verdicts of all kept runs into the documents."""
    for language, document in DOCUMENTS.items():
        document.write_text(with_verdicts(document.read_text("utf-8"), language), "utf-8")


def with_verdicts(text: str, language: str) -> str:
    """The text, in which each experiment's line tells what its kept run has found."""
    return _LINE.sub(lambda line: _line(line["name"], language), text)


def experiments_of(text: str) -> list[str]:
    """The names of all experiments that have a line, in its order."""
    return [line["name"] for line in _LINE.finditer(text)]


def _line(name: str, language: str) -> str:
    records = [Record.read(file) for file in _kept(name)]
    told = " ".join(f"{_which(record, name, language)}{_verdict(record, language)}" for record in records)
    return f"> `python -m lab run {name}` {told or _NOT_RUN[language]}"


def _kept(name: str) -> list[Path]:
    """The figures of an experiment, or of all random days."""
    folder = figures.FOLDER / KEPT
    return sorted((folder / name).glob("*.json")) or sorted(folder.glob(f"{name}.json"))


def _which(record: Record, name: str, language: str) -> str:
    """Which of several it is, such as the day of a seed."""
    return "" if record.name == name else f"{getattr(record.title, language)}. "


def _verdict(record: Record, language: str) -> str:
    link = f"../lab/figures/{KEPT}/{record.name}.json"
    warning = "" if record.as_claimed else _NOT_SO[language]
    return (
        f"{warning}{getattr(record.verdict, language)} ([{_day(record, language)}]({link}), {record.about['machine']})"
    )


def _day(record: Record, language: str) -> str:
    day = datetime.fromisoformat(record.about["measured_at"])
    return f"{day.year}년 {day.month}월 {day.day}일" if language == "ko" else f"{day.day} {day:%B %Y}"
