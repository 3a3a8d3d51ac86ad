"""What the commands around a snapshot say at the terminal."""

import re
from pathlib import Path

import pytest

from apps.chassis.commands import run
from apps.mywordpress import SITE
from tests.mywordpress.conftest import Journal


def test_the_commands_tell_what_they_did(
    journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "today"
    monkeypatch.setenv("VAR_DIR", str(journal.settings.var))
    monkeypatch.setenv("DATABASE_URL", journal.settings.database_url)
    assert run(SITE, ["snapshot", str(folder)]) == 0
    assert run(SITE, ["verify", str(folder)]) == 0
    assert run(SITE, ["restore", "--replace", str(folder)]) == 0
    assert run(SITE, ["verify", str(folder / "database")]) == 0
    told = capsys.readouterr().out.splitlines()
    assert [re.sub(r"\d[\d.]*", "N", line) for line in told] == [
        f"N rows of N tables and N files of N MB are in {re.sub(r'[0-9]+', 'N', str(folder))}",
        "N rows of N tables and N files of N MB are as they were taken",
        "N rows of N tables and N files of N MB are restored",
        "N rows of N tables are as they were taken",
    ]
    for wrong in (["snapshot"], ["snapshot", "--x"], ["verify"], ["restore", str(folder)], ["snapshot", str(folder)]):
        assert run(SITE, wrong) == 1
