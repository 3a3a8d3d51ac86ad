"""The Procfile and the Buildfile."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from beanstalk.check.findings import Finding
from beanstalk.check.settings import VARIABLES
from beanstalk.check.subject import Subject
from beanstalk.check.trees import Tree

LINE = re.compile(r"[A-Za-z0-9_-]+:\s*\S.*")
GUNICORN_PORT = "8000"
CONTAINERS = ("Dockerfile", "docker-compose.yml", "Dockerrun.aws.json")
REQUIREMENTS = ("requirements.txt", "Pipfile", "Pipfile.lock")


@dataclass(frozen=True, slots=True)
class Process:
    """A line of the Procfile."""

    name: str
    command: str
    line: int

    @property
    def words(self) -> list[str]:
        """The words of the command, without the assignments and `exec` before it."""
        try:
            words = shlex.split(self.command)
        except ValueError:
            words = self.command.split()
        while words and (words[0] == "exec" or re.match(r"\w+=", words[0])):
            words = words[1:]
        return words

    @property
    def is_gunicorn(self) -> bool:
        return bool(self.words) and self.words[0].rpartition("/")[2] == "gunicorn"

    def option(self, *names: str) -> str | None:
        """The value of a flag, given after a space or an equals sign, or joined to a single letter."""
        words = self.words
        for index, word in enumerate(words):
            flag, equals, value = word.partition("=")
            if flag in names:
                return value if equals else (words[index + 1] if index + 1 < len(words) else "")
            if word[:2] in names and not word.startswith("--") and len(word) > 2:
                return word[2:]
        return None


def processes(tree: Tree) -> list[Process]:
    """The well-formed lines."""
    stripped = [(number, line.strip()) for number, line in enumerate(tree.lines("Procfile"), 1)]
    parted = [(number, *line.partition(":")) for number, line in stripped if LINE.fullmatch(line)]
    return [Process(name, command.strip(), number) for number, name, _, command in parted]


def main_process(tree: Tree) -> Process | None:
    """What the proxy talks to: `web`, or else the first."""
    all_of_them = processes(tree)
    named = [one for one in all_of_them if one.name == "web"]
    return next(iter(named or all_of_them), None)


def check(subject: Subject) -> Iterator[Finding]:
    """Findings about both files."""
    tree = subject.tree
    for name in tree.files:
        if "/" not in name and name.lower() in ("procfile", "buildfile") and name not in ("Procfile", "Buildfile"):
            right = name.capitalize()
            yield Finding(tree.where(name), 1, "procfile-case", f"only {right} is read; rename it")
    yield from _lines(tree, "Procfile")
    yield from _lines(tree, "Buildfile")
    main = main_process(tree)
    if main:
        yield from _main(subject, main)


def _lines(tree: Tree, name: str) -> Iterator[Finding]:
    if name not in tree.files:
        return
    file, lines = tree.where(name), tree.lines(name)
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.startswith("#") and not LINE.fullmatch(line.rstrip()):
            text = f"{line.strip()[:60]!r} is no line NAME: COMMAND; write it like `web: gunicorn app:application`"
            yield Finding(file, number, "procfile-line", text)
    if not any(line.strip() for line in lines):
        yield Finding(file, 1, "procfile-line", "the file is empty; write `web: COMMAND` or remove it")
    yield from _twice(tree) if name == "Procfile" else ()


def _twice(tree: Tree) -> Iterator[Finding]:
    seen: set[str] = set()
    for process in processes(tree):
        if process.name in seen:
            text = f"there are two processes named {process.name}; give each a name of its own"
            yield Finding(tree.where("Procfile"), process.line, "procfile-line", text)
        seen.add(process.name)


def _main(subject: Subject, main: Process) -> Iterator[Finding]:
    tree, all_of_them = subject.tree, processes(subject.tree)
    file = tree.where("Procfile")
    if len(all_of_them) > 1 and main.name != "web":
        text = f"none of the processes is named web, so the proxy talks to {main.name}; name the main one web"
        yield Finding(file, main.line, "procfile-web", text)
    path = subject.settings.find("aws:elasticbeanstalk:container:python", "WSGIPath")
    if path:
        text = "the Procfile says what is started, so WSGIPath and its like change nothing; remove them"
        yield Finding(path.file, path.line, "wsgi-ignored", text)
    if not main.is_gunicorn:
        return
    yield from ((Finding(file, main.line, rule, text)) for rule, text in _gunicorn(subject, main))
    if not any(name in tree.files for name in (*REQUIREMENTS, *CONTAINERS)):
        text = "nothing says what Python needs; add requirements.txt with every version exact"
        yield Finding(file, main.line, "requirements", text)


def _gunicorn(subject: Subject, main: Process) -> Iterator[tuple[str, str]]:
    bind = main.option("--bind", "-b")
    port = subject.settings.value(VARIABLES, "PORT", GUNICORN_PORT)
    if bind and "$" not in bind and bind.startswith("unix:"):
        mentioned = any(bind.encode() in subject.tree.read(name) for name in subject.tree.below(".platform"))
        if not mentioned:
            yield "procfile-port", f"nginx asks port {port}, not {bind}; name the socket in .platform/nginx as well"
    elif bind and "$" not in bind and bind.rpartition(":")[2] != port:
        yield "procfile-port", f"nginx asks port {port}, not {bind}; bind 127.0.0.1:{port}, or set the variable PORT"
    module = next((word for word in reversed(main.words[1:]) if not word.startswith("-")), "")
    if module.endswith(".py") or "/" in module.partition(":")[0]:
        yield "procfile-module", f"{module!r} is a file; write package.module:callable"
    elif not main.option("--chdir", "--pythonpath") and not _is_there(subject.tree, module):
        yield "procfile-module", f"there is no module {module!r} in the bundle; correct it, or add the file"


def _is_there(tree: Tree, target: str) -> bool:
    """Whether it could be imported; a package that is not in the bundle at all may be installed."""
    module = target.partition(":")[0]
    if not re.fullmatch(r"\w+(\.\w+)*", module):
        return True
    path = module.replace(".", "/")
    top = path.partition("/")[0]
    inside = any(name.startswith(f"{top}/") or name == f"{top}.py" for name in tree.files)
    # The name of a module alone is nearly always a file of one's own.
    installed = not inside and "/" in path
    return installed or f"{path}.py" in tree.files or f"{path}/__init__.py" in tree.files
