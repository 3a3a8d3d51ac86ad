"""Our answers beside recorded ones of World Time API, with the clock stopped at their moments."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from apps.whatisthetime import api, clock, zones

RECORDED = Path(__file__).parents[3] / "shared" / "data" / "worldtimeapi"
FILES = sorted(RECORDED.glob("*.json"))


@pytest.mark.skipif(not FILES, reason="the recorded answers are not beside this repository")
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_our_answer_equals_the_recorded_one(file: Path) -> None:
    recorded = json.loads(file.read_text("utf-8"))
    moment = datetime.fromisoformat(recorded["utc_datetime"])
    ours = api.answer(clock.read(zones.load(recorded["timezone"]), moment), "127.0.0.1")
    assert {name: ours[name] for name in recorded} == recorded
    assert set(ours) - set(recorded) <= {"client_ip"}
