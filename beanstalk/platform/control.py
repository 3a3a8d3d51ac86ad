"""How `deploy` and `setenv` reach the process that runs the instance: a socket, a line with the wish, lines back."""

from __future__ import annotations

import json
import shutil
import socket
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from beanstalk.refusals import Refused

NAME = "control"
# A wish is one short line, or it is no wish of ours.
LONGEST = 1024 * 1024


class Wish:
    """What somebody wants, and the way to answer; who has gone away is told nothing."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        connection.settimeout(5)
        with connection.makefile("rb") as lines:
            self.wanted: Mapping[str, Any] = json.loads(lines.readline(LONGEST))

    def say(self, text: str) -> None:
        self._send({"say": text})

    def end(self, code: int) -> None:
        self._send({"code": code})
        self._connection.close()

    def _send(self, fields: Mapping[str, Any]) -> None:
        with suppress(OSError):
            self._connection.sendall(json.dumps(fields).encode() + b"\n")


def listen(sockets: Path, folder: Path) -> socket.socket:
    """A socket that only this user reaches; `folder` gets a note of where it is."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(sockets / NAME))
    listener.listen()
    (folder / NAME).write_text(str(sockets / NAME))
    return listener


def forget(folder: Path) -> None:
    """Remove the sockets of an instance that was ended by force."""
    with suppress(OSError):
        shutil.rmtree(Path((folder / NAME).read_text()).parent)


def accept(listener: socket.socket, seconds: float) -> Wish | None:
    """The next wish, if one comes within so many seconds."""
    listener.settimeout(seconds)
    try:
        return Wish(listener.accept()[0])
    except (OSError, ValueError):
        return None


def ask(folder: Path, wanted: Mapping[str, Any]) -> int:
    """Have the instance of this folder do it, print what it says, and answer its exit code. Raises Refused."""
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            connection.connect((folder / NAME).read_text())
        except OSError:
            raise Refused(f"{folder.name} does not run: start it with python -m beanstalk run") from None
        connection.sendall(json.dumps(wanted).encode() + b"\n")
        with connection.makefile("r") as lines:
            return _heard(map(json.loads, lines))


def _heard(answers: map[Any]) -> int:
    for answer in answers:
        if "code" in answer:
            return int(answer["code"])
        print(answer["say"], flush=True)
    print("The instance has ended.", flush=True)
    return 1
