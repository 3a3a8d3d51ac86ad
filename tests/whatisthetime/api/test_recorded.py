"""Our answers beside recorded ones of World Time API, with the clock stopped at their moments."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from apps.whatisthetime import clock, zones
from apps.whatisthetime.api import worldtime
from apps.whatisthetime.clock import EPOCH
from apps.whatisthetime.fast import Time

RECORDED = Path(__file__).parents[4] / "shared" / "data" / "worldtimeapi"
MICROSECOND = timedelta(microseconds=1)
FILES = sorted(RECORDED.glob("*.json"))


@pytest.mark.skipif(not FILES, reason="the recorded answers are not beside this repository")
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_our_answer_equals_the_recorded_one(file: Path) -> None:
    recorded = json.loads(file.read_text("utf-8"))
    moment = datetime.fromisoformat(recorded["utc_datetime"])
    ours = worldtime.answer(clock.read(zones.load(recorded["timezone"]), moment), "127.0.0.1")
    assert {name: ours[name] for name in recorded} == recorded
    assert set(ours) - set(recorded) <= {"client_ip"}
    assert json.loads(Time(recorded["timezone"], text=False).at((moment - EPOCH) // MICROSECOND, "127.0.0.1")) == ours
