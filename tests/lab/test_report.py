"""The pages of the lab: whole by themselves, in both languages, for everybody."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from lab import figures
from lab.report.page import write_report
from lab.report.scales import decades, told
from lab.report.summary import write_summary
from lab.running.record import Claim, Mark, Number, Plot, Record, Series
from lab.texts import Text
from tests.lab.grounds import Small, experiment, text
from tests.support.korean import english, shown

VOID = {"meta", "link", "br", "img", "input"}
RECORD = Record(
    name="whatisthetime/a-stall",
    title=Text("A <stall> & more", "<멈춤>"),
    hypothesis=Text("Nobody waits", "아무도 기다리지 않는다"),
    fails=True,
    cures=(),
    topology={"INSTANCES": "<2>"},
    verdict=Text("It stalled", "멈추었다"),
    seconds=3,
    claims=[
        Claim(Text("failed", "실패"), 7, "", 1, None),
        Claim(Text("slowest", "가장 느린"), float("nan"), "s", None, 1),
    ],
    numbers=[Number(Text("median", "중앙값"), 12.34, "ms")],
    marks=[Mark(Text("killed", "죽임"), 1.0, 2.0)],
    plots=[
        Plot(
            "stack", Text("Requests", "요청"), "", [Series("web-1 (a)", [5, 0, 5]), Series("refused", [0, 5, 0], True)]
        ),
        Plot("lines", Text("Latency", "지연"), "ms", [Series("p50", [1.5, None, 900])]),
        Plot("bars", Text("Starts", "시작"), "s", [Series("unpack", [1, 0])], rows=["cold", "warm"]),
    ],
    about={"measured_at": "2026-11-29T16:00:00+00:00", "python": "3.11", "machine": "a <machine>"},
)


class Whole(HTMLParser):
    """Complains of a tag that is not closed, and collects what a page fetches and which ids it gives."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.fetched: list[str] = []
        self.referred: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.ids += [found["id"]] if "id" in found else []
        self.fetched += [value for name, value in found.items() if name in ("src", "data") or tag == "link"]
        self.referred += found.get("aria-labelledby", "").split()
        assert tag != "script"
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def pages(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text() for file in folder.rglob("*.html")}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One run's report, and the summary."""
    monkeypatch.setattr(figures, "FOLDER", tmp_path / "kept")
    place = tmp_path / "lab/whatisthetime/a-stall/2026"
    place.mkdir(parents=True)
    write_report(RECORD, place)
    figures.write(place / "figures.json", RECORD.as_figures())
    write_summary([experiment(Small(), lambda its: text("never said"))], tmp_path / "lab")
    return tmp_path / "lab"


def test_each_page_is_whole_by_itself(folder: Path) -> None:
    found = pages(folder)
    assert set(found) == {"report.html", "report.ko.html", "index.html", "index.ko.html"}
    for page in found.values():
        whole = Whole(page)
        assert whole.open == []
        assert whole.fetched == []
        assert not re.search(r"url\((?!#)|@import|https?://", page)
        assert len(whole.ids) == len(set(whole.ids))
        assert set(whole.referred) <= set(whole.ids)


def test_what_is_told_is_escaped(folder: Path) -> None:
    for page in pages(folder).values():
        assert "<stall>" not in page
        assert "<machine>" not in page
    report = (folder / "whatisthetime/a-stall/2026/report.html").read_text()
    assert "A &lt;stall&gt; &amp; more" in report
    assert "INSTANCES=&lt;2&gt;" in report


def test_links_lead_to_what_is_there(folder: Path) -> None:
    # What a run writes beside its report.
    (folder / "whatisthetime/a-stall/2026/answers.csv").touch()
    for file in folder.rglob("*.html"):
        for link in re.findall(r'href="([^"#]+)', file.read_text()):
            assert (file.parent / link).exists(), f"{file.name} leads to {link}"


def test_every_plot_is_told_in_words_and_in_figures(folder: Path) -> None:
    report = (folder / "whatisthetime/a-stall/2026/report.html").read_text()
    assert report.count('role="img"') == report.count("<desc") == 2 * len(RECORD.plots)
    assert "refused: at most 5. 1.0–2.0 s: killed." in report
    assert '<tr><th scope="row">1</th><td>0</td><td>5</td></tr>' in report
    assert '<tr><th scope="row">1</th><td>–</td></tr>' in report


def test_claims_are_told_with_their_bounds_and_judged(folder: Path) -> None:
    report = re.sub(r"\s+", " ", (folder / "whatisthetime/a-stall/2026/report.html").read_text())
    assert '<td>7 </td> <td>at least 1</td> <td class="yes">holds</td>' in report
    assert '<td>– s</td> <td>at most 1</td> <td class="no">does not hold</td>' in report
    assert "not as the course says" in report


def test_the_korean_pages_speak_korean(folder: Path) -> None:
    stored = ["web-1 (a)", "refused", "unpack", "cold", "warm", "English", "UTC", "Python", "a <machine>", "INSTANCES"]
    stored += ["figures.json", "answers.csv", "whatisthetime/a-stall", "WhatIsTheTime", "A stall"]
    for name, page in pages(folder).items():
        if name.endswith(".ko.html"):
            assert english(shown(page), stored) == []


def test_the_summary_tells_the_last_run_and_before_any_what_is_kept(folder: Path, tmp_path: Path) -> None:
    course = [experiment(Small(), lambda its: text("never said"))]
    assert "It stalled" in (folder / "index.html").read_text()
    later = folder / "whatisthetime/a-stall/2027"
    later.mkdir()
    figures.write(later / "figures.json", replace(RECORD, verdict=text("It held")).as_figures())
    assert "It held" in write_summary(course, folder).read_text()
    nothing_run = tmp_path / "empty"
    assert "not run yet" in write_summary(course, nothing_run).read_text()
    figures.keep("experiments/whatisthetime/a-stall", RECORD.as_figures())
    assert "It stalled" in write_summary(course, nothing_run).read_text()


@pytest.mark.parametrize(
    ("figure", "words"), [(1234, "1,234"), (0.5, "0.50"), (12.34, "12.3"), (None, "–"), (float("nan"), "–")]
)
def test_figures_are_told_with_as_many_digits_as_are_worth_reading(figure: float | None, words: str) -> None:
    assert told(figure) == words


def test_a_logarithmic_axis_goes_around_all_values() -> None:
    assert decades([3, 450]) == [1, 10, 100, 1000]
    assert decades([]) == [1, 10]
