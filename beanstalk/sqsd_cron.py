"""Periodic tasks: cron.yaml as Beanstalk reads it, and one message per tick however many daemons run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apps.chassis.jobs.received import Attribute

if TYPE_CHECKING:
    from beanstalk.sqsd_sources import Source

BODY = "elasticbeanstalk scheduled job"
GRACE_SECONDS = 300.0
PATH, TASK_NAME, SCHEDULED_TIME = "beanstalk.sqsd.path", "beanstalk.sqsd.task_name", "beanstalk.sqsd.scheduled_time"
URL = re.compile(r"/[!-~]*", re.ASCII)


class CronError(ValueError):
    """cron.yaml cannot be used; the text names the line."""

    def __init__(self, path: Path, line: int, text: str) -> None:
        super().__init__(f"{path}, line {line}: {text}")


@dataclass(frozen=True, slots=True)
class Task:
    """One entry of cron.yaml; the schedule has five fields and is meant in UTC."""

    name: str
    url: str
    schedule: str


def read_tasks(path: Path) -> list[Task]:
    """All tasks of the file, or a CronError for the first thing that is wrong with it."""
    import yaml

    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except (OSError, UnicodeDecodeError) as error:
        raise CronError(path, 1, f"cannot be read: {error}") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise CronError(path, mark.line + 1 if mark else 1, getattr(error, "problem", None) or "no YAML") from error
    return _Reader(path).tasks(root)


class _Reader:
    """Walks the nodes, not the values, because only nodes know their line."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def tasks(self, root: Any) -> list[Task]:
        fields = self.mapping(root, {"version", "cron"})
        version = fields["version"]
        if (version.tag, version.value) != ("tag:yaml.org,2002:int", "1"):
            raise self.error(version, "version must be the number 1")
        if fields["cron"].id != "sequence":
            raise self.error(fields["cron"], "cron must be a list of tasks")
        return list(self.unique(self.task(node) for node in fields["cron"].value))

    def task(self, node: Any) -> tuple[Any, Task]:
        fields = self.mapping(node, {"name", "url", "schedule"})
        name, url, schedule = (self.text(fields[key], key) for key in ("name", "url", "schedule"))
        if not URL.fullmatch(url):
            raise self.error(fields["url"], "url must be a path that begins with /")
        if not _is_schedule(schedule):
            raise self.error(fields["schedule"], f"{schedule!r} is no schedule of five cron fields")
        return node, Task(name, url, schedule)

    def unique(self, tasks: Iterable[tuple[Any, Task]]) -> Iterator[Task]:
        names: set[str] = set()
        for node, task in tasks:
            if task.name in names:
                raise self.error(node, f"two tasks are named {task.name}")
            names.add(task.name)
            yield task

    def mapping(self, node: Any, keys: set[str]) -> dict[str, Any]:
        if node is None or node.id != "mapping":
            raise self.error(node, f"expected {', '.join(sorted(keys))}")
        fields = {key.value: value for key, value in node.value}
        if set(fields) != keys or len(node.value) != len(keys):
            raise self.error(node, f"expected exactly {', '.join(sorted(keys))}")
        return fields

    def text(self, node: Any, key: str) -> str:
        if node.id != "scalar" or not node.value.strip():
            raise self.error(node, f"{key} must be a text")
        return str(node.value)

    def error(self, node: Any, text: str) -> CronError:
        return CronError(self.path, node.start_mark.line + 1 if node is not None else 1, text)


def _is_schedule(text: str) -> bool:
    from croniter import croniter

    return len(text.split()) == 5 and croniter.is_valid(text)


class Scheduler:
    """Sends the ticks of its tasks through a source, which lets only one daemon send each of them."""

    def __init__(self, tasks: Iterable[Task], source: Source) -> None:
        self.tasks = list(tasks)
        self.source = source
        self._done: dict[str, float] = {}

    def run(self, now: float) -> int:
        """Send what is due at `now` (seconds since 1970) and what was missed in the last 300 seconds; says how many.

        Raises QueueUnavailable; what was not sent then is sent by the next run.
        """
        return sum(self._run_task(task, now) for task in self.tasks)

    def _run_task(self, task: Task, now: float) -> int:
        if task.name not in self._done:
            self._done[task.name] = self.source.last_tick(task.name, now)
        sent = 0
        for due_at in ticks(task.schedule, max(self._done[task.name], now - GRACE_SECONDS), now):
            sent += self.source.send_tick(task.name, due_at, BODY, _attributes(task, due_at))
            self._done[task.name] = due_at
        return sent


def ticks(schedule: str, after: float, until: float) -> list[float]:
    """The schedule's instants later than `after` and not later than `until`."""
    from croniter import croniter

    found, upcoming = [], croniter(schedule, datetime.fromtimestamp(after, UTC))
    while (due_at := upcoming.get_next(float)) <= until:
        found.append(due_at)
    return found


def iso(seconds: float) -> str:
    """ISO 8601 in UTC, to the second."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _attributes(task: Task, due_at: float) -> Mapping[str, Attribute]:
    values = {PATH: task.url, TASK_NAME: task.name, SCHEDULED_TIME: iso(due_at)}
    return {name: Attribute("String", value) for name, value in values.items()}
