"""requirements.txt: lines that pip refuses, and files that they name and the bundle lacks."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from beanstalk.check.findings import Finding
from beanstalk.check.subject import Subject
from beanstalk.check.trees import Tree

FILE = "requirements.txt"
OTHER_FILE = re.compile(r"(?:-r|-c|--requirement|--constraint)[ =]*(?P<name>[^\s#]+)")
SINGLE = re.compile(r"[A-Za-z0-9][\w.-]*(?:\[[^\]]*\])?\s*=\s*[^=\s]")
MARKED = re.compile(r"<{7} |={7}$|>{7} ")


def check(subject: Subject) -> Iterator[Finding]:
    """Findings in the file, and in those that it includes."""
    waiting, seen = [FILE], set[str]()
    while waiting:
        name = waiting.pop()
        if name in seen or name not in subject.tree.files:
            continue
        seen.add(name)
        for number, line in enumerate(subject.tree.lines(name), 1):
            other = _other(name, line.strip())
            waiting += [other] if other else []
            if why := _fault(subject.tree, line.strip(), other):
                yield Finding(subject.tree.where(name), number, "requirements-line", why)


def _other(name: str, line: str) -> str:
    """The file that a line includes, as the bundle would name it."""
    found = OTHER_FILE.match(line)
    if not found or "://" in found["name"] or "$" in found["name"]:
        return ""
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), found["name"]))


def _fault(tree: Tree, line: str, other: str) -> str:
    if other and other not in tree.files:
        return f"{other!r} is not here, and pip needs it; add it, or remove the line"
    if SINGLE.match(line):
        return f"{line[:60]!r} is no requirement; write == between name and version"
    if MARKED.match(line):
        return "a mark of git's stands here; end the merge"
    return ""
