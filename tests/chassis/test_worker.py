"""The worker's answers: 200 only for what is done, each job's effects once, nobody but the daemon heard."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from apps.chassis.app import Application, create_worker
from apps.chassis.jobs import Message
from apps.chassis.jobs.claims import Claimed, ClaimLost, claim, finish, release
from apps.chassis.tables import JOBS
from tests.chassis import workshop
from tests.chassis.tiny import SITE, tiny_app
from tests.chassis.workshop import effects
from tests.services.mariadb import MariaDb
from tests.support.waiting import wait_until

DAEMON = {"User-Agent": "aws-sqsd/3.0", "X-Aws-Sqsd-Msgid": "m-1", "X-Aws-Sqsd-Receive-Count": "2"}


@pytest.fixture(params=["sqlite", "mariadb"])
def app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Application]:
    environ = {}
    if request.param == "mariadb":
        server: MariaDb = request.getfixturevalue("mariadb")
        server.create("workshop")
        environ["DATABASE_URL"] = server.url("workshop")
    made = workshop.workshop(tmp_path, **environ)
    workshop.going_on.clear()
    workshop.may_go_on.clear()
    yield made
    assert made.database is not None
    made.database.dispose()


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Application]:
    """The same worker over SQLite only, where the database does not matter."""
    made = workshop.workshop(tmp_path)
    yield made
    assert made.database is not None
    made.database.dispose()


def body(job: str, **arguments: Any) -> str:
    return Message.new(job, arguments).encode()


def post(app: Application, message: str = "", url: str = "/", **headers: str) -> int:
    return app.test_client().post(url, data=message, headers=DAEMON | headers).status_code


def in_background(app: Application, message: str, answers: list[int]) -> threading.Thread:
    thread = threading.Thread(target=lambda: answers.append(post(app, message)))
    thread.start()
    return thread


def test_a_job_is_done_once_however_often_it_is_delivered(app: Application) -> None:
    message = body("note", name="Ann")
    assert [post(app, message) for _ in range(3)] == [200, 200, 200]
    assert effects(app) == ["Ann"]


def test_a_failing_job_leaves_nothing_and_may_be_tried_again_at_once(
    app: Application, caplog: pytest.LogCaptureFixture
) -> None:
    message = body("note_and_fail", name="Ann")
    assert [post(app, message), post(app, message)] == [500, 500]
    assert effects(app) == []
    assert caplog.text.count("RuntimeError: not this time") == 2


def test_deliveries_at_the_same_time_do_a_job_once(app: Application) -> None:
    message = body("note", name="Ann")
    answers: list[int] = []
    threads = [in_background(app, message, answers) for _ in range(6)]
    for thread in threads:
        thread.join()
    assert effects(app) == ["Ann"]
    assert answers.count(200) == 6


def test_many_different_jobs_at_the_same_time_are_all_done(app: Application) -> None:
    answers: list[int] = []
    threads = [in_background(app, body("note", name=str(number)), answers) for number in range(20)]
    for thread in threads:
        thread.join()
    assert answers == [200] * 20
    assert sorted(effects(app), key=int) == [str(number) for number in range(20)]


def test_a_job_that_is_being_done_elsewhere_is_409(small: Application) -> None:
    message = Message.new("note", {"name": "Ann"})
    assert small.database is not None
    held = claim(small.database, message.id, 1.0)
    with pytest.raises(Claimed):
        claim(small.database, message.id, 1.0)
    long = body("note_when_allowed", name="Ann")
    claim(small.database, Message.decode(long).id, 60)
    assert post(small, long) == 409
    release(small.database, held)
    assert post(small, message.encode()) == 200


def test_the_lease_of_a_dead_worker_ends_and_its_job_is_done(app: Application) -> None:
    message = body("note", name="Ann")
    assert app.database is not None
    claim(app.database, Message.decode(message).id, 1.0)
    assert effects(app) == []
    # The worker waits for the lease instead of wasting the message's tries.
    assert post(app, message) == 200
    assert effects(app) == ["Ann"]


def test_a_job_that_outlives_its_lease_and_was_taken_over_leaves_nothing(app: Application) -> None:
    answers: list[int] = []
    message = body("note_when_allowed", name="late")
    assert app.database is not None
    thread = in_background(app, message, answers)
    assert workshop.going_on.wait(5)
    with app.database.writer() as session:
        session.execute(update(JOBS).values(claimed_until=datetime.now(UTC) - timedelta(seconds=1)))
        session.commit()
    second = claim(app.database, Message.decode(message).id, 60)
    workshop.may_go_on.set()
    thread.join()
    assert answers == [500]
    assert effects(app) == []
    with app.database.writer() as session:
        finish(session, second)
        session.commit()
        with pytest.raises(ClaimLost):
            finish(session, second)


def test_a_step_of_its_own_lasts_and_the_rest_is_all_or_nothing(app: Application) -> None:
    assert post(app, body("note_in_two_steps", name="good")) == 200
    assert effects(app) == ["good begun", "good"]


def test_a_step_of_its_own_must_come_before_the_rest(small: Application, caplog: pytest.LogCaptureFixture) -> None:
    assert post(small, body("note_in_two_steps", name="bad")) == 500
    assert effects(small) == ["bad begun"]
    assert "must come before any use of db" in caplog.text


def test_a_job_enqueues_after_its_commit(small: Application) -> None:
    assert post(small, body("note_and_enqueue", name="Ann")) == 200
    (sent,) = small.queue.take(10, 60, 10)  # type: ignore[attr-defined]
    assert post(small, sent.body) == 200
    assert effects(small) == ["Ann", "Ann again"]


@pytest.mark.parametrize(
    "message",
    [
        "",
        "no json",
        '{"job": "note"}',
        pytest.param(body("unknown"), id="unknown job"),
        pytest.param(body("note"), id="argument missing"),
        pytest.param(body("note", name="Ann", surprise=1), id="argument too many"),
        pytest.param(body("note", work="mine", name="Ann"), id="argument of ours"),
    ],
)
def test_what_no_retry_can_help_is_400(small: Application, message: str, caplog: pytest.LogCaptureFixture) -> None:
    assert post(small, message) == 400
    assert "message m-1 is not for us" in caplog.text
    assert effects(small) == []


def test_a_cadence_runs_all_its_functions_and_fails_if_one_does(small: Application) -> None:
    assert post(small, url="/every/minute") == 200
    assert post(small, url="/every/hour") == 500
    assert effects(small) == ["minute", "hour"]


def test_old_jobs_are_forgotten_by_the_daily_cadence_and_young_ones_kept(small: Application) -> None:
    now = datetime.now(UTC)
    assert small.database is not None
    with small.database.writer() as session:
        for days in (1, 16):
            done_at = now - timedelta(days=days)
            session.execute(insert(JOBS).values(id=f"{days} days", claimed_until=done_at, done_at=done_at))
        session.execute(insert(JOBS).values(id="at it", claimed_until=now))
        session.commit()
    assert post(small, url="/every/day") == 200
    with small.database.writer() as session:
        assert set(session.scalars(select(JOBS.c.id))) == {"1 days", "at it"}


@pytest.mark.parametrize(
    "forged",
    [
        {"REMOTE_ADDR": "10.0.0.7"},
        {"REMOTE_ADDR": "2001:db8::1"},
        {"HTTP_X_FORWARDED_FOR": "203.0.113.9"},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1, 203.0.113.9"},
        {"HTTP_X_FORWARDED_FOR": "localhost"},
        {"HTTP_X_REAL_IP": "203.0.113.9"},
    ],
)
def test_the_world_cannot_post_jobs(small: Application, forged: dict[str, str]) -> None:
    answer = small.test_client().post("/", data=body("note", name="Eve"), headers=DAEMON, environ_overrides=forged)
    assert answer.status_code == 403
    assert effects(small) == []


def test_a_request_without_the_marks_of_the_daemon_is_refused(small: Application) -> None:
    for headers in ({}, {"User-Agent": "aws-sqsd/3.0"}):
        for url in ("/", "/every/minute"):
            answer = small.test_client().post(url, data=body("note", name="Eve"), headers=headers)
            assert answer.status_code == 403
    assert effects(small) == []


@pytest.mark.parametrize("header", [{"Origin": "http://localhost"}, {"Sec-Fetch-Site": "same-origin"}])
def test_a_browser_on_the_same_machine_is_no_daemon(small: Application, header: dict[str, str]) -> None:
    assert post(small, body("note", name="Eve"), **header) == 403
    assert effects(small) == []


@pytest.mark.parametrize(
    "daemon",
    [
        {"User-Agent": "aws-sqsd/3.0.4", "X-Aws-Sqsd-Msgid": "m-1"},
        {"X-Aws-Sqsd-Msgid": "m-1", "X-Forwarded-For": "127.0.0.1", "X-Real-Ip": "127.0.0.1"},
    ],
)
def test_the_daemon_is_known_with_and_without_nginx(small: Application, daemon: dict[str, str]) -> None:
    client = small.test_client()
    assert client.post("/", data=body("note", name="Ann"), headers=daemon).status_code == 200
    assert (
        client.post(
            "/", data=body("note", name="Bob"), headers=daemon, environ_overrides={"REMOTE_ADDR": ""}
        ).status_code
        == 200
    )


def test_the_daemon_is_known_behind_a_trusted_proxy(tmp_path: Path) -> None:
    behind = workshop.workshop(tmp_path, TRUSTED_PROXY_HOPS="1")
    assert behind.database is not None
    assert post(behind, body("note", name="Ann"), **{"X-Forwarded-For": "127.0.0.1"}) == 200
    assert post(behind, body("note", name="Eve"), **{"X-Forwarded-For": "203.0.113.9"}) == 403
    behind.database.dispose()


def test_the_web_tier_has_no_such_routes(tmp_path: Path) -> None:
    web = tiny_app(tmp_path, workshop.SITE)
    rules = {rule.rule for rule in web.url_map.iter_rules()}
    assert not rules & {"/", "/every/minute", "/every/hour", "/every/day"}


def test_a_site_without_a_database_does_its_jobs_without_claims(tmp_path: Path) -> None:
    app = tiny_app(tmp_path, SITE, create_worker, APP="whatisthetime.worker")
    assert post(app, url="/every/minute") == 200
    assert post(app, body("unknown")) == 400


def test_a_database_that_is_away_is_no_reason_to_lose_a_message(mariadb: MariaDb, tmp_path: Path) -> None:
    mariadb.create("workshop")
    app = workshop.workshop(tmp_path, DATABASE_URL=mariadb.url("workshop"))
    assert app.database is not None
    mariadb.kill()
    try:
        message = body("note", name="Ann")
        assert post(app, message) == 503
    finally:
        mariadb.start()
    assert wait_until(lambda: post(app, message) == 200)
    assert effects(app) == ["Ann"]
    app.database.dispose()
