"""Jobs: sent after the commit, kept until somebody says done, dead letters that can be seen and sent again."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from apps.chassis.jobs import CADENCES, MAX_BODY_BYTES, Jobs, Message, QueueUnavailable, Work, enqueue, open_queue
from apps.chassis.jobs.received import Attribute, Received
from apps.chassis.jobs.sqlite import SqliteQueue
from apps.chassis.transactions import run
from beanstalk.sqsd_cron import read_tasks
from tests.chassis.tiny import tiny_app
from tests.support.waiting import wait_until

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[2]


@pytest.fixture
def queue(tmp_path: Path) -> SqliteQueue:
    return SqliteQueue(tmp_path / "shop" / "queue.sqlite3")


def take(queue: SqliteQueue, visibility_seconds: float = 60, max_receive_count: int = 10) -> list[Received]:
    return queue.take(10, visibility_seconds, max_receive_count)


def test_a_message_is_read_as_it_was_written() -> None:
    message = Message.new("send_receipt", {"order_id": 7, "note": "감사합니다"})
    assert Message.decode(message.encode()) == message
    assert json.loads(message.encode()).keys() == {"id", "job", "arguments"}
    assert len(message.id) == 32
    assert Message.new("send_receipt", {}).id != message.id


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"null",
        b'{"job": "x", "arguments": {}}',
        b'{"id": 7, "job": "x", "arguments": {}}',
        b'{"id": "short", "job": "x", "arguments": {}}',
        b'{"id": "0123456789abcdef0123456789abcdef", "job": ["x"], "arguments": {}}',
        b'{"id": "0123456789abcdef0123456789abcdef", "job": "x", "arguments": []}',
        b"[" * 100_000,
    ],
)
def test_anything_else_is_no_message(body: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        Message.decode(body)


@pytest.mark.parametrize("argument", [object(), float("nan"), "x" * MAX_BODY_BYTES])
def test_arguments_that_do_not_fit_are_refused_when_they_are_given(argument: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        enqueue("send_receipt", argument=argument)


def in_request(tmp_path: Path, work: Any, *, commit: bool, queue_url: str = "") -> Any:
    app = tiny_app(tmp_path, QUEUE_URL=queue_url)
    with app.app_context():
        run(None, read_only=False, pinned=True, work=work, commit_if=lambda _: commit)
    return app.queue


def test_a_job_is_sent_after_the_commit_and_not_before(tmp_path: Path) -> None:
    seen: list[int] = []

    def work() -> None:
        enqueue("send_receipt", order_id=7)
        seen.append(len(take(SqliteQueue(tmp_path / "whatisthetime" / "queue.sqlite3"))))

    (received,) = take(in_request(tmp_path, work, commit=True))
    assert seen == [0]
    message = Message.decode(received.body)
    assert (message.job, message.arguments) == ("send_receipt", {"order_id": 7})


def test_nothing_is_sent_when_the_transaction_rolls_back(tmp_path: Path) -> None:
    assert take(in_request(tmp_path, lambda: enqueue("send_receipt", order_id=7), commit=False)) == []


def test_a_failing_queue_is_logged_and_harms_nobody(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("in the way")
    broken = f"sqlite:///{tmp_path}/file/queue.sqlite3"
    in_request(tmp_path, lambda: enqueue("send_receipt", order_id=7), commit=True, queue_url=broken)
    assert "job send_receipt was not sent" in capfd.readouterr().out


def test_a_queue_that_cannot_be_reached_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    broken = open_queue(f"sqlite:///{tmp_path}/file/queue.sqlite3")
    with pytest.raises(QueueUnavailable):
        broken.send("{}")
    with pytest.raises(QueueUnavailable):
        broken.oldest_age()


@pytest.mark.parametrize("url", ["redis://localhost", "sqlite:queue", ""])
def test_another_url_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="a queue takes"):
        open_queue(url)


def test_a_received_message_is_hidden_until_its_visibility_timeout(queue: SqliteQueue) -> None:
    queue.send("work", {"colour": Attribute("String", "red")})
    (first,) = take(queue, visibility_seconds=0.2)
    assert (first.body, first.receive_count, first.attributes["colour"].value) == ("work", 1, "red")
    assert take(queue) == []
    (second,) = wait_until(lambda: take(queue))
    assert (second.id, second.receive_count) == (first.id, 2)
    assert second.first_received_at == first.first_received_at


def test_a_deleted_message_never_comes_back(queue: SqliteQueue) -> None:
    queue.send("work")
    (message,) = take(queue, visibility_seconds=0)
    queue.delete(message)
    assert take(queue) == []
    assert queue.oldest_age() is None


def test_a_released_message_comes_back_after_its_delay(queue: SqliteQueue) -> None:
    queue.send("work")
    (message,) = take(queue)
    queue.release(message, 0.1, "500")
    assert take(queue) == []
    assert wait_until(lambda: take(queue))[0].receive_count == 2


def test_a_late_release_does_not_take_a_message_from_its_next_owner(queue: SqliteQueue) -> None:
    queue.send("work")
    (late,) = take(queue, visibility_seconds=0)
    (current,) = take(queue, visibility_seconds=60)
    queue.release(late, 0, "too late")
    assert take(queue) == []
    queue.release(current, 0, "in time")
    assert len(take(queue)) == 1


def test_a_message_received_too_often_becomes_a_dead_letter(queue: SqliteQueue) -> None:
    queue.send("poison")
    for _ in range(3):
        (message,) = take(queue, max_receive_count=3)
        queue.release(message, 0, "500")
    assert take(queue, max_receive_count=3) == []
    (dead,) = queue.dead()
    assert (dead.message.body, dead.message.receive_count, dead.error) == ("poison", 3, "500")
    assert queue.oldest_age() is None


def test_a_redriven_letter_has_all_its_tries_again(queue: SqliteQueue) -> None:
    queue.send("poison")
    take(queue, visibility_seconds=0)
    assert take(queue, max_receive_count=1) == []
    assert queue.redrive("somebody else's id") == 0
    assert queue.redrive(queue.dead()[0].message.id) == 1
    assert queue.dead() == []
    assert take(queue, max_receive_count=1)[0].receive_count == 1


def test_the_oldest_message_tells_how_long_the_queue_is_behind(queue: SqliteQueue) -> None:
    assert queue.oldest_age() is None
    queue.send("first")
    before = wait_until(queue.oldest_age) or 0.0
    queue.send("second")
    assert (queue.oldest_age() or 0.0) >= before > 0


def test_two_receivers_never_get_the_same_message(queue: SqliteQueue) -> None:
    for number in range(200):
        queue.send(str(number))
    received: list[str] = []

    def receive() -> None:
        while messages := take(queue):
            received.extend(message.body for message in messages)

    threads = [threading.Thread(target=receive) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(received, key=int) == [str(number) for number in range(200)]


SENDER = """
import sys
from apps.chassis.jobs import open_queue
queue = open_queue(sys.argv[1])
for number in range(10**6):
    queue.send(str(number))
    print(number, flush=True)
"""


def test_what_was_acknowledged_survives_the_sender_being_killed(queue: SqliteQueue) -> None:
    command = [sys.executable, "-c", SENDER, f"sqlite:///{queue.path}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, text=True) as process:
        assert process.stdout is not None
        acknowledged = [process.stdout.readline() for _ in range(20)]
        process.send_signal(signal.SIGKILL)
        acknowledged += process.stdout.readlines()
    bodies = {message.body for message in iter_all(queue)}
    assert {line.strip() for line in acknowledged if line.endswith("\n")} <= bodies


def iter_all(queue: SqliteQueue) -> Iterator[Received]:
    while messages := take(queue):
        yield from messages


FORKING = """
import os, sys
from apps.chassis.jobs import open_queue
queue = open_queue(sys.argv[1])
queue.send("from the parent")
child = os.fork()
queue.send("from the child" if child == 0 else "from the parent again")
if child:
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def test_a_forked_process_uses_the_queue_with_a_connection_of_its_own(queue: SqliteQueue) -> None:
    subprocess.run([sys.executable, "-c", FORKING, f"sqlite:///{queue.path}"], cwd=ROOT, check=True)
    bodies = {message.body for message in take(queue)}
    assert bodies == {"from the child", "from the parent", "from the parent again"}


def test_queues_are_told_apart_by_their_folder(queue: SqliteQueue) -> None:
    assert queue.name == "shop-queue"


def test_each_job_has_one_name() -> None:
    jobs = Jobs()
    jobs.job("send_receipt")(lambda work: None)
    with pytest.raises(ValueError, match="two jobs are named send_receipt"):
        jobs.job("send_receipt")
    with pytest.raises(ValueError, match="two jobs are named send_receipt"):
        Jobs().include(jobs) or jobs.include(jobs)  # type: ignore[func-returns-value]


def test_a_registry_takes_over_the_jobs_of_another() -> None:
    orders, all_jobs = Jobs(), Jobs()

    @orders.job("send_receipt", deadline_seconds=20)
    def send_receipt(work: Work, order_id: int) -> None: ...

    @orders.cadence("/every/minute")
    def send_missing_receipts(work: Work) -> None: ...

    all_jobs.include(orders)
    assert all_jobs.by_name["send_receipt"].deadline_seconds == 20
    assert all_jobs.by_cadence == {"/every/minute": [send_missing_receipts]}


def test_a_cadence_must_be_one_that_the_daemon_sends() -> None:
    with pytest.raises(ValueError, match="none of the cadences"):
        Jobs().cadence("/every/fortnight")


def test_cron_yaml_and_the_worker_know_the_same_cadences() -> None:
    assert {task.url for task in read_tasks(ROOT / "cron.yaml")} == set(CADENCES)


def test_boto3_waits_until_it_is_used() -> None:
    code = (
        "import sys; from apps.chassis.jobs import open_queue;"
        "open_queue('https://sqs.us-east-1.amazonaws.com/1/q'); print('boto3' in sys.modules)"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert answer.stdout.strip() == "False"


def test_the_queue_file_is_for_its_owner_only(queue: SqliteQueue) -> None:
    queue.send("private")
    assert os.stat(queue.path).st_mode & 0o077 == 0  # noqa: PTH116
    with sqlite3.connect(queue.path) as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    db.close()
