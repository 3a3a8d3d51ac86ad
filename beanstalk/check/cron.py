"""cron.yaml, the periodic tasks of a worker."""

from __future__ import annotations

import re
from collections.abc import Iterator

from yaml.nodes import Node

from beanstalk.check import nodes, structure
from beanstalk.check.findings import Finding
from beanstalk.check.subject import SQSD, Config, Subject, read

URL = re.compile(r"/[!-~]*")
FIELDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
SOURCES = (".py", ".js", ".ts", ".rb", ".php", ".java", ".kt", ".go", ".cs", ".yml", ".yaml", ".json")


def check(subject: Subject) -> Iterator[Finding]:
    """Findings about the file and each task."""
    tree = subject.tree
    if "cron.yml" in tree.files:
        yield Finding(tree.where("cron.yml"), 1, "cron-shape", "only cron.yaml is read; rename it")
    if "cron.yaml" not in tree.files:
        return
    file = tree.where("cron.yaml")
    config = read(file, tree.read("cron.yaml"))
    if subject.tier == "web":
        text = "periodic tasks are a worker's, and this is for a web server; leave the file out of this bundle"
        yield Finding(file, 1, "cron-tier", text)
    queue = subject.settings.find(SQSD, "WorkerQueueURL")
    if queue and queue.value.endswith(".fifo"):
        text = "a worker whose queue is FIFO runs no periodic tasks; take a standard queue or drop the tasks"
        yield Finding(queue.file, queue.line, "cron-fifo", text)
    yield from ((Finding(file, line, rule, text)) for line, rule, text in _file(config))
    yield from structure.repeated(config)
    yield from _unmentioned(subject, file, config)


def tasks(config: Config) -> list[Node]:
    return nodes.items(nodes.get(config.root, "cron"))


def urls(subject: Subject) -> list[tuple[int, str]]:
    """Each task's line and url."""
    config = read("cron.yaml", subject.tree.read("cron.yaml"))
    found = [nodes.get(task, "url") for task in tasks(config)]
    return [(nodes.line(url), nodes.text(url)) for url in found if nodes.text(url).startswith("/")]


def _file(config: Config) -> Iterator[tuple[int, str, str]]:
    if config.problem:
        yield config.problem.line, "yaml-broken", f"{config.problem}; mend the YAML, or no task runs"
        return
    version = nodes.get(config.root, "version")
    if version is None or (version.tag, nodes.text(version)) != ("tag:yaml.org,2002:int", "1"):
        yield nodes.line(version), "cron-shape", "the version must be the number 1; write `version: 1`"
    if not tasks(config):
        line = nodes.line(nodes.get(config.root, "cron"))
        yield line, "cron-shape", "there is no list of tasks; write it below `cron:`"
    names: set[str] = set()
    for task in tasks(config):
        yield from _task(task)
        name = nodes.get(task, "name")
        if name is not None and nodes.text(name) in names:
            yield nodes.line(name), "cron-name", f"two tasks are named {nodes.text(name)!r}; rename one"
        names.add(nodes.text(name))


def _task(task: Node) -> Iterator[tuple[int, str, str]]:
    missing = {"name", "url", "schedule"} - {key for key, _, _ in nodes.pairs(task)}
    if missing:
        yield nodes.line(task), "cron-shape", f"the task has no {', '.join(sorted(missing))}; add it"
    url, schedule = nodes.get(task, "url"), nodes.get(task, "schedule")
    if url is not None and not URL.fullmatch(nodes.text(url)):
        yield nodes.line(url), "cron-url", f"{nodes.text(url)!r} is no path; begin it with /"
    if schedule is not None and (why := fault(nodes.text(schedule))):
        yield nodes.line(schedule), "cron-schedule", f'{why}; write five fields in UTC, such as "0 3 * * *"'


def fault(schedule: str) -> str:
    """Why it is no schedule of five fields; empty if it is one."""
    fields = schedule.split()
    if len(fields) != len(FIELDS):
        return f"{schedule!r} has {len(fields)} fields"
    for field, (low, high) in zip(fields, FIELDS, strict=True):
        names = MONTHS if high == 12 else WEEKDAYS if high == 7 else []
        for part in field.split(","):
            if not _part(part.lower(), low, high, names):
                return f"{part!r} is nothing from {low} to {high}"
    return ""


def _part(part: str, low: int, high: int, names: list[str]) -> bool:
    span, slash, step = part.partition("/")
    if slash and not (re.fullmatch(r"[0-9]{1,4}", step) and int(step)):
        return False
    if span in ("*", "?"):
        return True
    edges = [names.index(edge) + low if edge in names else edge for edge in span.split("-")]
    numbers = [int(edge) for edge in edges if re.fullmatch(r"[0-9]{1,4}", str(edge))]
    return len(numbers) == len(edges) <= 2 and all(low <= one <= high for one in numbers) and numbers == sorted(numbers)


def _unmentioned(subject: Subject, file: str, config: Config) -> Iterator[Finding]:
    """Urls of which no source file has the last part."""
    wanted = {url.rstrip("/").rpartition("/")[2]: line for line, url in urls(subject) if url.rstrip("/")}
    sources = [name for name in subject.tree.files if name.endswith(SOURCES) and name != "cron.yaml"]
    for name in sources:
        if not wanted:
            return
        text = subject.tree.read(name)
        # Routers also write a path with underscores or as a method's name.
        wanted = {word: line for word, line in wanted.items() if not _mentions(text, word)}
    for word, line in wanted.items():
        if sources:
            text_ = f"no source file has the word {word!r}; is there a handler for this url?"
            yield Finding(file, line, "cron-url-unmentioned", text_)


def _mentions(data: bytes, word: str) -> bool:
    return word.encode() in data or word.replace("-", "_").encode() in data
