"""The daemon keeps the contract of Beanstalk's own, over SQLite and over SQS alike."""

import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from apps.chassis.jobs import open_queue
from apps.chassis.jobs.received import Attribute
from beanstalk.sqsd import Daemon, Options, main
from tests.beanstalk.conftest import TRIES, Rig
from tests.beanstalk.listening import Heard, Listener, closed_port
from tests.support.waiting import wait_until

ROOT = Path(__file__).parents[2]
Listen = Callable[..., Listener]


def settled(daemon: Daemon, listener: Listener, requests: int) -> bool:
    """Whether so many requests came and none more did for a while in which a released message would have come back."""
    wait_until(lambda: len(listener.heard) >= requests, 20)
    time.sleep(0.4)
    return len(listener.heard) == requests


def test_a_message_is_posted_with_the_headers_of_the_contract(rig: Rig, listen: Listen) -> None:
    listener = listen()
    rig.send('{"job": "x"}', colour=Attribute("String", "red"), size=Attribute("Number", "7"))
    daemon = rig.daemon(listener.url)
    assert settled(daemon, listener, 1)
    (heard,) = listener.heard
    headers = heard.headers
    assert (heard.path, heard.body) == ("/", '{"job": "x"}')
    assert headers["Content-Type"] == "application/json"
    assert headers["User-Agent"].startswith("aws-sqsd/")
    assert re.fullmatch(r"[0-9a-f-]{36}", headers["X-Aws-Sqsd-Msgid"])
    assert headers["X-Aws-Sqsd-Queue"] == daemon.source.name
    assert headers["X-Aws-Sqsd-Receive-Count"] == "1"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", headers["X-Aws-Sqsd-First-Received-At"])
    assert (headers["X-Aws-Sqsd-Attr-colour"], headers["X-Aws-Sqsd-Attr-size"]) == ("red", "7")


def test_path_and_type_are_options(rig: Rig, listen: Listen) -> None:
    listener = listen()
    rig.send("<x/>")
    assert settled(rig.daemon(listener.url, path="/jobs", mime_type="text/xml"), listener, 1)
    assert (listener.heard[0].path, listener.heard[0].headers["Content-Type"]) == ("/jobs", "text/xml")


def test_no_other_answer_than_200_deletes(rig: Rig, listen: Listen) -> None:
    statuses = ["204", "202", "201", "302", "400", "409", "500", "503"]
    listener = listen(lambda heard: int(heard.body) if heard.headers["X-Aws-Sqsd-Receive-Count"] == "1" else 200)
    for status in statuses:
        rig.send(status)
    assert settled(rig.daemon(listener.url), listener, 2 * len(statuses))
    assert sorted(listener.bodies()) == sorted(2 * statuses)
    assert {heard.path for heard in listener.heard} == {"/"}
    assert len({heard.headers["X-Aws-Sqsd-Msgid"] for heard in listener.heard}) == len(statuses)
    assert rig.dead_letters().dead() == []


def test_a_failed_message_waits_for_the_error_visibility_timeout(rig: Rig, listen: Listen) -> None:
    at: list[float] = []

    def answer(heard: Heard) -> int:
        at.append(time.monotonic())
        return 500 if len(at) == 1 else 200

    listener = listen(answer)
    rig.send("later")
    assert settled(rig.daemon(listener.url, error_visibility_timeout=1), listener, 2)
    assert 0.9 < at[1] - at[0] < 3


def test_a_poisonous_message_becomes_a_dead_letter_and_the_others_pass(rig: Rig, listen: Listen) -> None:
    listener = listen(lambda heard: 500 if "poison" in heard.body else 200)
    for body in ("before", "poison", "after"):
        rig.send(body)
    rig.daemon(listener.url)
    dead = wait_until(lambda: rig.dead_letters().dead(), 20)
    assert [letter.message.body for letter in dead] == ["poison"]
    assert listener.bodies().count("poison") == TRIES
    assert {"before", "after"} <= set(listener.bodies())


def test_a_message_that_fits_into_no_request_is_poison_too(rig: Rig, listen: Listen) -> None:
    listener = listen()
    rig.send("no path", **{"beanstalk.sqsd.path": Attribute("String", "/with space")})
    rig.send("no header", name=Attribute("String", "감사"))
    rig.send("fine")
    rig.daemon(listener.url)
    wait_until(lambda: len(rig.dead_letters().dead()) == 2, 20)
    assert {letter.message.body for letter in rig.dead_letters().dead()} == {"no path", "no header"}
    assert listener.bodies() == ["fine"]


def test_a_silent_worker_is_cut_off_and_the_message_returns_after_the_visibility_timeout(
    rig: Rig, listen: Listen
) -> None:
    at: list[float] = []
    never = threading.Event()

    def answer(heard: Heard) -> int:
        at.append(time.monotonic())
        if len(at) == 1:
            never.wait(20)
        return 200

    listener = listen(answer)
    rig.send("slow")
    # Its only connection must be cut before it can post again.
    rig.daemon(listener.url, connections=1, inactivity_timeout=1, visibility_timeout=3)
    wait_until(lambda: len(at) == 2, 10)
    never.set()
    # Cut after one second; an error would bring it back at once, silence waits for the visibility timeout.
    assert 2.5 < at[1] - at[0] < 6


def test_no_more_requests_at_once_than_connections(rig: Rig, listen: Listen) -> None:
    def answer(heard: Heard) -> int:
        time.sleep(0.05)
        return 200

    listener = listen(answer)
    for number in range(12):
        rig.send(str(number))
    rig.daemon(listener.url, connections=3)
    wait_until(lambda: len(listener.heard) == 12, 20)
    assert listener.most_at_once == 3


def test_a_worker_that_is_not_up_yet_costs_no_try(rig: Rig, listen: Listen) -> None:
    port = closed_port()
    rig.send("patient")
    daemon = rig.daemon(f"http://127.0.0.1:{port}")
    wait_until(lambda: not daemon._target_was_up)
    time.sleep(0.3)
    listener = listen(port=port)
    assert settled(daemon, listener, 1)
    assert listener.heard[0].headers["X-Aws-Sqsd-Receive-Count"] == "1"


def test_two_daemons_share_a_queue_without_doing_things_twice(rig: Rig, listen: Listen) -> None:
    listener = listen()
    for _ in range(2):
        rig.daemon(listener.url)
    for number in range(30):
        rig.send(str(number))
    wait_until(lambda: len(listener.heard) >= 30, 20)
    time.sleep(0.3)
    assert sorted(listener.bodies(), key=int) == [str(number) for number in range(30)]


def test_it_stops_within_a_second_even_in_the_middle_of_a_request(rig: Rig, listen: Listen) -> None:
    never = threading.Event()
    listener = listen(lambda heard: 200 if never.wait(20) else 500)
    rig.send("cut")
    daemon = rig.daemon(listener.url)
    wait_until(lambda: listener.heard, 20)
    began = time.monotonic()
    daemon.stop()
    assert time.monotonic() - began < 1.5
    never.set()
    # The message was given back, so the next daemon has it at once.
    again = listen()
    assert settled(rig.daemon(again.url), again, 1)


def test_dead_letters_are_sent_again_one_by_one_or_dropped(rig: Rig, listen: Listen) -> None:
    healed = threading.Event()
    listener = listen(lambda heard: 200 if healed.is_set() else 500)
    for number in range(3):
        rig.send(str(number), colour=Attribute("String", "red"))
    rig.daemon(listener.url)
    wait_until(lambda: len(rig.dead_letters().dead()) == 3, 30)
    healed.set()
    listener.heard.clear()
    letters = rig.dead_letters()
    one, two, three = (letter.message for letter in letters.dead())
    assert letters.drop(one.id) == 1
    assert letters.drop("unknown") == 0
    assert letters.redrive(two.id) == 1
    wait_until(lambda: listener.bodies() == [two.body], 10)
    assert listener.heard[0].headers["X-Aws-Sqsd-Attr-colour"] == "red"
    assert [letter.message.id for letter in letters.dead()] == [three.id]
    assert letters.redrive(None) == 1
    wait_until(lambda: listener.bodies() == [two.body, three.body], 10)
    assert letters.dead() == []


@pytest.mark.parametrize("target", ["https://127.0.0.1:80", "http://127.0.0.1/path", "worker", ""])
def test_a_target_that_cannot_work_is_refused(target: str) -> None:
    with pytest.raises(ValueError, match="the target must be like"):
        Daemon(Options(queue="sqlite:///queue.sqlite3", target=target))


def test_a_queue_that_cannot_work_is_refused() -> None:
    with pytest.raises(ValueError, match="sqlite:///"):
        Daemon(Options(queue="redis://localhost"))


@pytest.mark.parametrize(
    "flags",
    [
        [],
        ["--queue", "sqlite:///q", "--connections", "0"],
        ["--queue", "sqlite:///q", "--connections", "101"],
        ["--queue", "sqlite:///q", "--inactivity-timeout", "abc"],
        ["--queue", "http://127.0.0.1/1/q", "--cron", "cron.yaml"],
    ],
)
def test_a_wrong_command_line_is_one_clear_mistake(flags: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(flags)
    assert ended.value.code == 2
    assert "error:" in capsys.readouterr().err


def test_the_program_serves_and_ends_within_a_second_of_sigterm(listen: Listen, tmp_path: Path) -> None:
    listener = listen()
    url = f"sqlite:///{tmp_path}/queue.sqlite3"
    flags = ["--queue", url, "--target", listener.url, "--cron", "cron.yaml"]
    command = [sys.executable, "-m", "beanstalk.sqsd", *flags]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        open_queue(url).send("hello")
        wait_until(lambda: listener.bodies() == ["hello"], 20)
        process.terminate()
        began = time.monotonic()
        said, _ = process.communicate(timeout=5)
        assert time.monotonic() - began < 1.5
    assert process.returncode == 0
    assert "to /, try 1: 200 (" in said
