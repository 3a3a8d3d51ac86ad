"""The command that looks at dead letters, sends them again and drops them."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from apps.chassis.jobs import Message
from apps.chassis.jobs.deadletters import run
from apps.chassis.jobs.received import Attribute
from apps.chassis.jobs.sqlite import SqliteQueue
from apps.chassis.settings import Settings
from apps.chassis.sqlite import path_of

pytestmark = pytest.mark.unit


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.from_environ({"APP": "myclothes", "VAR_DIR": str(tmp_path)})


@pytest.fixture
def queue(settings: Settings) -> SqliteQueue:
    return SqliteQueue(path_of(settings.queue_url))


def kill(queue: SqliteQueue, body: str, **attributes: Attribute) -> str:
    queue.send(body, attributes)
    (message,) = queue.take(1, 60, 1)
    queue.release(message, 0, "500")
    assert queue.take(1, 60, 1) == []
    return message.id


def said(settings: Settings, argv: Sequence[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = run(argv, settings)
    return code, capsys.readouterr().out


def test_the_list_names_the_job_its_tries_and_its_last_error(
    queue: SqliteQueue, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    identifier = kill(queue, Message.new("send_receipt", {"order_id": 7}).encode())
    code, text = said(settings, ["list"], capsys)
    assert code == 0
    assert text.startswith(f"{identifier}  send_receipt  1 try  first ")
    assert text.endswith("  500\n1 dead letter\n")


def test_strange_letters_are_listed_without_harm_to_the_terminal(
    queue: SqliteQueue, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    kill(queue, "no json")
    kill(queue, Message.new("\x1b[2Jgone", {}).encode())
    kill(queue, "scheduled", **{"beanstalk.sqsd.task_name": Attribute("String", "nightly")})
    _, text = said(settings, ["list"], capsys)
    assert "\x1b" not in text
    assert "(no job)" in text
    assert "nightly" in text


def test_an_empty_list_says_so(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(settings, ["list"], capsys) == (0, "0 dead letters\n")


def test_one_letter_is_sent_again(queue: SqliteQueue, settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    one, two = kill(queue, "one"), kill(queue, "two")
    assert said(settings, ["redrive", one], capsys) == (0, "1 sent again\n")
    assert [message.body for message in queue.take(10, 60, 1)] == ["one"]
    assert [letter.message.id for letter in queue.dead()] == [two]


def test_all_letters_are_dropped(queue: SqliteQueue, settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    kill(queue, "one")
    kill(queue, "two")
    queue.send("alive")
    assert said(settings, ["drop", "--all"], capsys) == (0, "2 dropped\n")
    assert queue.dead() == []
    assert [message.body for message in queue.take(10, 60, 1)] == ["alive"]


def test_an_unknown_id_is_a_failure(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(settings, ["drop", "nobody"], capsys) == (1, "0 dropped\n")


@pytest.mark.parametrize("argv", [[], ["drop"], ["redrive"], ["drop", "x", "--all"], ["bury", "x"]])
def test_nothing_happens_to_all_letters_by_leaving_something_out(settings: Settings, argv: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(argv, settings)
    assert ended.value.code == 2


def test_a_queue_that_is_away_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("in the way")
    url = f"sqlite:///{tmp_path}/file/queue.sqlite3"
    assert run(["list"], Settings.from_environ({"APP": "myclothes", "QUEUE_URL": url})) == 1
    assert capsys.readouterr().err.startswith("the queue cannot be reached: ")
