"""The moment to set a clock by."""

import time
from typing import cast

import pytest
from flask.testing import FlaskClient

from apps.chassis.app import Application
from apps.whatisthetime import ntp
from apps.whatisthetime.accuracy import ClockWatch

BY_FLASK = {"Accept": "application/json;q=0.9"}


@pytest.mark.parametrize("headers", [{}, BY_FLASK])
def test_both_moments_lie_between_the_request_and_its_answer(client: FlaskClient, headers: dict[str, str]) -> None:
    client.get("/api/sync", headers=headers)
    before = time.time()
    fields = client.get("/api/sync", headers=headers).get_json()
    # The microsecond to which they are told.
    assert before - 1e-6 <= fields["received"] <= fields["sent"] <= time.time() + 1e-6
    assert fields["clock"] is None


def test_what_is_known_of_the_servers_own_clock_is_told(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    watch = cast(Application, client.application).watches["clock"]
    assert isinstance(watch, ClockWatch)
    # The site is everybody's, so its clock is put right again.
    sample = ntp.Sample(true=time.time() + 3, monotonic=time.monotonic(), bound=0.25)
    monkeypatch.setattr(watch, "_sample", sample)
    told = client.get("/api/sync").get_json()["clock"]
    assert (told["offset"], told["bound"], told["age"]) == pytest.approx((3, 0.25, 0), abs=0.1)


def test_it_is_told_as_text_and_never_kept(client: FlaskClient) -> None:
    answer = client.get("/api/sync", headers={"Accept": "text/plain"})
    assert [line.partition(": ")[0] for line in answer.text.splitlines()] == ["received", "clock", "sent"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_parameter_is_refused_for_it_takes_none(client: FlaskClient) -> None:
    answer = client.get("/api/sync?zone=UTC")
    assert (answer.status_code, answer.get_json()) == (400, {"error": "unknown parameter zone: it takes none"})
