"""The report of one run: the same page in each language, beside its figures."""

from collections.abc import Mapping
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from lab.report import plots, scales, words
from lab.report.tones import tone
from lab.running.record import Plot, Record
from lab.texts import Text

HERE = Path(__file__).parent


def write_report(record: Record, place: Path) -> None:
    """Write a page for each language into this folder, which is the summary's NAME/TIME."""
    for language in words.LANGUAGES:
        page = rendered("report.html", language, record=record, top="../" * (record.name.count("/") + 2))
        (place / file_of("report", language)).write_text(page, "utf-8")


def file_of(name: str, language: str) -> str:
    """English is what one finds without asking."""
    return f"{name}.html" if language == "en" else f"{name}.{language}.html"


def rendered(template: str, language: str, **values: Any) -> str:
    """A page in a language."""

    def say(text: Text) -> str:
        return str(getattr(text, language))

    def draw(record: Record, number: int, plot: Plot) -> Markup:
        told = words.in_words(plot, record, language)
        sizes = [
            plots.drawn(plot, record.marks, size, f"plot-{number}-{size.name}", say(plot.title), told)
            for size in plots.SIZES
        ]
        return Markup("").join(sizes)

    numbers = count()

    def small(record: Record) -> Markup:
        plot = next((plot for plot in record.plots if plot.kind == "stack"), None)
        if plot is None:
            return Markup("")
        told = words.in_words(plot, record, language)
        return plots.drawn(plot, record.marks, plots.SMALL, f"small-{next(numbers)}", say(plot.title), told)

    tools: Mapping[str, Any] = {
        "say": say,
        "draw": draw,
        "small": small,
        "w": words.of(words.WORDS, language),
        "language": language,
        "languages": words.LANGUAGES,
        "bound": lambda claim: words.bound(claim, language),
        "span": lambda mark: words.span(mark, language),
        "told": scales.told,
        "tone": tone,
        "file_of": file_of,
    }
    return environment().get_template(template).render(**tools, **values)


@cache
def environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
