"""The API under a tester that is driven by its description: no 5xx, and every answer as it is described."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from apps.whatisthetime.api.openapi import document
from tests.services import schemathesis_program
from tests.support.sites import RunningSite


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """The site as it really runs."""
    with RunningSite("whatisthetime", tmp_path_factory.mktemp("site")) as running:
        yield running


def fuzz(program: Path, site: RunningSite, folder: Path, *arguments: str) -> None:
    # What fails is to be a change's doing, never chance's.
    found = schemathesis_program.run(program, f"{site.url}/api/openapi.json", folder, "--seed", "1", *arguments)
    assert found.returncode == 0, found.stdout[-8000:] + found.stderr
    assert " passed" in found.stdout
    assert "Traceback" not in site.logs()


def test_answers_are_as_described_whatever_is_asked(schemathesis: Path, site: RunningSite, tmp_path: Path) -> None:
    fuzz(
        schemathesis,
        site,
        tmp_path,
        "--phases",
        "examples,fuzzing",
        "--max-examples",
        "3",
        "--no-shrink",
    )


def test_what_is_too_long_to_be_read_is_answered_as_described(site: RunningSite) -> None:
    described: Any = document()["paths"]
    with pytest.raises(HTTPError) as refused:
        urlopen(f"{site.url}/api/search?q={'x' * 5000}", timeout=10)
    told = described["/api/search"]["get"]["responses"][str(refused.value.code)]
    assert refused.value.headers["Content-Type"] in told["content"]
    assert "too large" in refused.value.read().decode()


@pytest.mark.long
def test_every_value_that_is_described_is_taken_and_what_is_beside_it_refused(
    schemathesis: Path, site: RunningSite, tmp_path: Path
) -> None:
    fuzz(schemathesis, site, tmp_path, "--phases", "coverage")


@pytest.mark.long
def test_answers_are_as_described_however_long_is_asked(schemathesis: Path, site: RunningSite, tmp_path: Path) -> None:
    fuzz(schemathesis, site, tmp_path, "--phases", "fuzzing", "--max-time", "20")


@pytest.mark.long
def test_the_same_holds_for_what_takes_times_apart(schemathesis: Path, site: RunningSite, tmp_path: Path) -> None:
    # Among all addresses these have a few turns only.
    only = ("--include-path-regex", "^/api/(transitions|convert|difference|sum|moment|search)")
    fuzz(schemathesis, site, tmp_path, *only, "--phases", "fuzzing", "--max-time", "40")


@pytest.mark.long
def test_the_same_holds_for_text(schemathesis: Path, site: RunningSite, tmp_path: Path) -> None:
    fuzz(schemathesis, site, tmp_path, "--header", "Accept: text/plain", "--phases", "fuzzing", "--max-time", "15")
