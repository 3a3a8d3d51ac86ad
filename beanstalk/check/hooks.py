"""The folders of `.platform`, and the hooks in them."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator

from beanstalk.check.findings import Finding
from beanstalk.check.subject import Subject
from beanstalk.check.trees import Tree

STAGES = ("prebuild", "predeploy", "postdeploy")
PLACES = {"hooks", "confighooks", "nginx", "httpd", "rsyslog.d", "files"}
# What explains hooks lies beside them and is none.
TOLD = (".md", ".txt", ".rst")
SHELLS = {"sh": "sh", "bash": "bash"}


def check(subject: Subject) -> Iterator[Finding]:
    """Findings about files below `.platform`."""
    tree = subject.tree
    for name in tree.below(".platform"):
        parts = name.split("/")
        if parts[1] in ("hooks", "confighooks") and len(parts) > 2:
            yield from _hook(tree, name, parts)
        elif parts[1] not in PLACES and len(parts) > 2:
            text = f".platform/{parts[1]} is no folder that is looked at; is hooks, confighooks or nginx meant?"
            yield Finding(tree.where(name), 1, "platform-folder", text)


def _hook(tree: Tree, name: str, parts: list[str]) -> Iterator[Finding]:
    file = tree.where(name)
    if parts[-1].startswith(".") or parts[-1].endswith(TOLD):
        return
    if parts[2] not in STAGES or len(parts) < 4:
        text = f"hooks stand in {', '.join(STAGES)}, this one is never run; move it there"
        yield Finding(file, 1, "platform-folder", text)
    elif len(parts) > 4:
        yield Finding(file, 1, "hook-nested", "hooks in a folder of their own are not run; move it up")
    elif tree.files[name].link is None:
        yield from (Finding(file, line, rule, text) for line, rule, text in _script(tree.read(name)))


def _script(data: bytes) -> Iterator[tuple[int, str, str]]:
    first = data.split(b"\n", 1)[0]
    if data[:4] == b"\x7fELF":
        return
    if not first.startswith(b"#!"):
        yield 1, "hook-shebang", "the first line does not say what runs it; begin with #!/bin/bash"
    if b"\r\n" in data:
        at = data[: data.index(b"\r\n")].count(b"\n") + 1
        yield at, "hook-crlf", "the lines end as on Windows, which older platforms cannot run; save them with LF"
    shell = interpreter(first)
    if shell:
        yield from syntax(shell, data.replace(b"\r\n", b"\n"))


def interpreter(first: bytes) -> str | None:
    """`sh` or `bash` if the line `#!...` names one of them."""
    words = first.removeprefix(b"#!").decode("utf-8", "replace").split() if first.startswith(b"#!") else []
    names = [word.rpartition("/")[2] for word in words]
    return SHELLS.get(names[1] if names[:1] == ["env"] and len(names) > 1 else names[0]) if names else None


def syntax(shell: str, data: bytes) -> Iterator[tuple[int, str, str]]:
    """What the shell itself says of a script that it only reads."""
    program = shutil.which(shell)
    if not program or b"\0" in data:
        return
    try:
        read = subprocess.run([program, "-n"], input=data, capture_output=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return
    if read.returncode:
        said = (read.stderr.decode("utf-8", "replace").splitlines() or ["syntax error"])[0]
        digits = [part.strip().removeprefix("line ") for part in said.split(":")]
        line = next((int(part) for part in digits if part.isascii() and part.isdigit()), 1)
        within = max(1, min(line, data.count(b"\n") + 1))
        yield within, "hook-syntax", f"{said.strip()}; mend it, or the deployment fails"
