"""Periodic tasks: cron.yaml read strictly, one message per tick however many daemons run, what was missed is sent."""

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from apps.chassis.jobs.received import Received
from beanstalk.sqsd_cron import CronError, Scheduler, Task, read_tasks, ticks
from beanstalk.sqsd_sources import Source, open_source
from tests.beanstalk.conftest import Rig
from tests.beanstalk.listening import Listener
from tests.support.waiting import wait_until

NOON = 1_795_348_800.0
GOOD = """\
version: 1
cron:
  - name: nightly
    url: /cron/nightly
    schedule: "0 3 * * *"
  - name: often
    url: /every/minute
    schedule: "*/5 * * * MON-FRI"
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "cron.yaml"
    path.write_text(text)
    return path


def source_of(rig: Rig) -> Source:
    return open_source(rig.url, 30, 10, rig.table)


def every_minute() -> Task:
    return Task("every-minute", "/every/minute", "* * * * *")


def test_a_good_file_is_read(tmp_path: Path) -> None:
    assert read_tasks(write(tmp_path, GOOD)) == [
        Task("nightly", "/cron/nightly", "0 3 * * *"),
        Task("often", "/every/minute", "*/5 * * * MON-FRI"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("version: 1", "version: 2", 1),
        ("version: 1", 'version: "1"', 1),
        ("version: 1", "version: 1.0", 1),
        ("version: 1\n", "", 1),
        ("name: often", "name: nightly", 6),
        ("name: often", "title: often", 6),
        ('schedule: "0 3 * * *"', 'schedule: "0 3 * *"', 5),
        ('schedule: "0 3 * * *"', 'schedule: "0 3 * * * *"', 5),
        ('schedule: "0 3 * * *"', 'schedule: "@daily"', 5),
        ('schedule: "0 3 * * *"', 'schedule: "61 3 * * *"', 5),
        ('schedule: "0 3 * * *"', "schedule: [0, 3]", 5),
        ("url: /every/minute", "url: every/minute", 7),
        ("url: /every/minute", "url: '/with space'", 7),
        ("url: /every/minute", "url: ''", 7),
        ("    url: /every/minute", "    url: /a\n    url: /b", 6),
        ("    url: /every/minute", "  url: {", 7),
        ("cron:", "cron: nothing\ndummy:", 1),
        (GOOD, "", 1),
        (GOOD, "version: 1\ncron: 7\n", 2),
        (GOOD, "version: 1\ncron:\n  - hello\n", 3),
        (GOOD, "\t", 1),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, old: str, new: str, line: int) -> None:
    assert old in GOOD
    with pytest.raises(CronError, match=rf"cron\.yaml, line {line}: "):
        read_tasks(write(tmp_path, GOOD.replace(old, new, 1)))


def test_a_file_that_is_missing_or_no_text_is_a_mistake_too(tmp_path: Path) -> None:
    with pytest.raises(CronError, match="cannot be read"):
        read_tasks(tmp_path / "nowhere.yaml")
    (tmp_path / "cron.yaml").write_bytes(b"\xff\xfe\xfa")
    with pytest.raises(CronError, match="cannot be read"):
        read_tasks(tmp_path / "cron.yaml")


def test_ticks_are_those_after_the_last_up_to_now_in_utc() -> None:
    assert ticks("* * * * *", NOON, NOON + 150) == [NOON + 60, NOON + 120]
    assert ticks("* * * * *", NOON - 1, NOON) == [NOON]
    assert ticks("0 12 * * *", NOON - 300, NOON + 300) == [NOON]
    assert ticks("0 3 * * *", NOON - 300, NOON + 300) == []


def test_three_daemons_send_each_tick_once(rig: Rig) -> None:
    schedulers = [Scheduler([every_minute()], source_of(rig)) for _ in range(3)]
    sent: list[int] = []
    barrier = threading.Barrier(3)

    def tick(scheduler: Scheduler) -> None:
        for minute in range(5):
            barrier.wait()
            sent.append(scheduler.run(NOON + 60 * minute))

    threads = [threading.Thread(target=tick, args=(scheduler,)) for scheduler in schedulers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # The first run only learns when it is; four minutes passed since then.
    assert sum(sent) == 4
    scheduled = [message.attributes["beanstalk.sqsd.scheduled_time"].value for message in receive_all(rig, 4)]
    assert len(scheduled) == len(set(scheduled)) == 4


def receive_all(rig: Rig, expected: int) -> list[Received]:
    source = source_of(rig)
    found: list[Received] = []
    while len(found) < expected:
        found += source.receive(10)
    return found


def test_what_was_missed_within_five_minutes_is_sent_after_a_restart(rig: Rig) -> None:
    Scheduler([every_minute()], source_of(rig)).run(NOON)
    assert Scheduler([every_minute()], source_of(rig)).run(NOON + 150) == 2
    assert Scheduler([every_minute()], source_of(rig)).run(NOON + 155) == 0
    assert Scheduler([every_minute()], source_of(rig)).run(NOON + 120 + 3600) == 5


def test_a_new_task_begins_with_its_next_tick(rig: Rig) -> None:
    assert Scheduler([every_minute()], source_of(rig)).run(NOON) == 0
    other = Task("other", "/other", "* * * * *")
    assert Scheduler([every_minute(), other], source_of(rig)).run(NOON + 60) == 1


def test_a_tick_is_posted_to_its_url_with_an_empty_body(
    rig: Rig, listen: Callable[..., Listener], tmp_path: Path
) -> None:
    cron = write(tmp_path, 'version: 1\ncron: [{name: every-minute, url: /every/minute, schedule: "* * * * *"}]\n')
    # As if a daemon had run until a moment ago: two ticks were missed since.
    missed_at = time.time() // 60 * 60 - 60
    source_of(rig).last_tick("every-minute", missed_at - 1)
    listener = listen()
    for _ in range(3):
        rig.daemon(listener.url, cron=cron)
    wait_until(lambda: len(listener.heard) >= 2, 20)
    for heard in listener.heard[:2]:
        assert (heard.path, heard.body) == ("/every/minute", "")
        assert heard.headers["X-Aws-Sqsd-Taskname"] == "every-minute"
        assert heard.headers["X-Aws-Sqsd-Sender-Id"]
    scheduled = [heard.headers["X-Aws-Sqsd-Scheduled-At"] for heard in listener.heard]
    assert len(scheduled) == len(set(scheduled))
    expected = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(missed_at))
    assert expected in scheduled


def test_a_mistake_in_the_file_stops_periodic_tasks_only(
    rig: Rig, listen: Callable[..., Listener], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    listener = listen()
    with caplog.at_level(logging.INFO):
        rig.daemon(listener.url, cron=write(tmp_path, GOOD.replace("0 3", "61 3")))
        rig.send("still served")
        wait_until(lambda: listener.bodies() == ["still served"], 20)
    assert "periodic tasks are off" in caplog.text
    assert "line 5" in caplog.text
