"""What the checker says: one line per finding, under a rule whose name stays the same."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

GUIDE = "https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Something wrong at a line of a file, with its remedy after a semicolon."""

    file: str
    line: int
    rule: str
    text: str

    @property
    def is_error(self) -> bool:
        return rules()[self.rule].severity == "error"

    def __str__(self) -> str:
        mark = "" if self.is_error else "warning: "
        return f"{self.file}:{self.line}  {self.rule}  {mark}{printable(self.text)}"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule's name, `error` or `warning`, the page that it comes from, and one sentence."""

    name: str
    severity: str
    page: str
    sentence: str

    @property
    def source(self) -> str:
        """The address of the page."""
        return self.page if self.page.startswith("https:") else f"{GUIDE}{self.page}.html"


@cache
def rules() -> dict[str, Rule]:
    """All rules by name."""
    lines = Path(__file__).with_name("rules.tsv").read_text("utf-8").splitlines()
    return {rule.name: rule for rule in (Rule(*line.split("\t")) for line in lines)}


def printable(text: str) -> str:
    """One line that steers no terminal, whatever a checked file holds."""
    return "".join(sign if sign.isprintable() else " " for sign in text[:600])
