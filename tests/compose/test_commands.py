"""The command line, as far as no engine is asked."""

from pathlib import Path

import pytest

from compose import memory
from compose.__main__ import main
from compose.console import addresses, places
from compose.switches import Switches
from compose.topology import topology


@pytest.mark.parametrize("words", [[], ["start"], ["kill"], ["kill", "zone", "d"], ["kill", "nobody"], ["up", "twice"]])
def test_what_is_no_verb_is_answered_with_all_verbs(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    assert "usage: python -m compose VERB" in capsys.readouterr().err


def test_a_wrong_switch_is_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("INSTANCES", "many")
    assert main(["render"]) == 1
    assert capsys.readouterr().err == "INSTANCES: got 'many', takes a whole number from 1 to 9\n"


def test_what_is_asked_later_is_meant_for_what_was_started_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "FILE", tmp_path / "compose" / "switches")
    assert memory.last() == {}
    switches = Switches(instances=3, sticky=True, storage="ebs")
    memory.remember(switches)
    assert Switches.from_environ(memory.last()) == switches
    memory.remember(Switches())
    assert memory.last() == {}


def test_a_person_is_told_what_runs_where_and_how_to_sign_in() -> None:
    plan = topology(Switches(instances=3, port=9080))
    zones = places(plan).split("\n\n")
    (zone_b,) = [zone for zone in zones if "zone b" in zone]
    assert "myclothes-2" in zone_b
    assert "myclothes-1" not in zone_b
    told = addresses(plan)
    assert "http://myclothes.localhost:9080" in told
    assert "demo@myclothes.test / demo-clothes-2026" in told
    assert "http://127.0.0.1:8404" in told
