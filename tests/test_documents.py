"""The documents: whatever they link to is there, and every experiment that they name can be run."""

import re
from pathlib import Path

import pytest

from beanstalk.commands import ROOT
from lab.experiments import course
from lab.storm.day import STORM

DOCUMENTS = [*ROOT.glob("README*.md"), *(ROOT / "docs").glob("*.md")]
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
RUN = re.compile(r"python -m lab run ([a-z][a-z0-9/-]*)")
EACH = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)


@EACH
def test_every_link_leads_somewhere(document: Path) -> None:
    prose = FENCED.sub("", document.read_text("utf-8"))
    links = [link for link in LINK.findall(prose) if not link.startswith(("http://", "https://"))]
    assert [link for link in links if not leads(document, link)] == []


@EACH
def test_every_experiment_that_is_named_can_be_run(document: Path) -> None:
    known = {name for each in course() for name in (each.name, each.site)} | {STORM}
    assert set(RUN.findall(document.read_text("utf-8"))) <= known


def leads(document: Path, link: str) -> bool:
    """Whether there is such a file and, where the link names one, such a heading in it."""
    path, _, anchor = link.partition("#")
    target = (document.parent / path) if path else document
    return target.exists() and (not anchor or anchor in anchors(target))


def anchors(document: Path) -> set[str]:
    """The headings, as a link names them: small letters, hyphens for spaces, nothing else."""
    titles = HEADING.findall(FENCED.sub("", document.read_text("utf-8")))
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}
