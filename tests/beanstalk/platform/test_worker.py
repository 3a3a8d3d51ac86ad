"""A worker behind its own nginx, with the queue daemon that the bundle's options describe."""

from collections.abc import Callable
from pathlib import Path

import pytest

from apps.chassis.jobs.sqlite import SqliteQueue
from beanstalk.platform import daemon
from beanstalk.platform.extensions import PROPERTIES
from tests.beanstalk.platform.tiny import tiny
from tests.services.platform import Platform
from tests.support.waiting import wait_until

DAEMON = """
option_settings:
  aws:elasticbeanstalk:sqsd:
    HttpPath: /job
    MimeType: text/plain
    MaxRetries: "2"
    ErrorVisibilityTimeout: "0"
"""
FILES = {".ebextensions/daemon.config": DAEMON, ".platform/nginx/conf.d/limits.conf": "client_max_body_size 300k;\n"}


@pytest.fixture
def worker(platform: Callable[..., Platform], tmp_path: Path) -> Platform:
    """A worker that notes each message and its try, and cannot bear "poison"."""
    instance = platform("whatisthetime", "worker")
    instance.start(tiny(tmp_path / "worker.zip", "one", FILES), NOTES=str(tmp_path / "notes"))
    return instance


def test_poison_becomes_a_dead_letter_and_the_worker_goes_on(worker: Platform, tmp_path: Path) -> None:
    queue = SqliteQueue(worker.folder.parent / "shared/whatisthetime/queue.sqlite3")
    for body in ("bread", "poison", "water"):
        queue.send(body)
    wait_until(queue.dead, 20)
    worker.deploy(tiny(tmp_path / "next.zip", "two", FILES))
    queue.send("wine")
    wait_until(lambda: "wine 1" in (tmp_path / "notes").read_text(), 20)
    assert sorted((tmp_path / "notes").read_text().splitlines()) == [
        "bread 1",
        "poison 1",
        "poison 2",
        "water 1",
        "wine 1",
    ]
    assert [letter.message.body for letter in queue.dead()] == ["poison"]

    def posted() -> list[str]:
        return [line for line in worker.log("nginx/access.log").splitlines() if "POST /job" in line]

    # nginx writes its line once the answer is sent, which the note may precede.
    wait_until(lambda: len(posted()) == 5, 20)
    assert all("aws-sqsd" in line for line in posted())


def test_the_daemon_is_told_all_that_the_options_say(tmp_path: Path) -> None:
    (tmp_path / "cron.yaml").write_text("version: 1\n")
    options = {
        (daemon.SQSD, "WorkerQueueURL"): "https://sqs.test/1/jobs",
        (daemon.SQSD, "InactivityTimeout"): "180",
        (daemon.SQSD, "VisibilityTimeout"): "240",
        (PROPERTIES, "VisibilityTimeout"): "1",
    }
    words = daemon.command("myclothes", options, {}, tmp_path, 8090)
    assert words[3:] == [
        *("--queue", "https://sqs.test/1/jobs", "--target", "http://127.0.0.1:8090"),
        *("--inactivity-timeout", "180", "--visibility-timeout", "240"),
        *("--cron", str(tmp_path / "cron.yaml"), "--registry-table", "myclothes-periodic-tasks"),
    ]
