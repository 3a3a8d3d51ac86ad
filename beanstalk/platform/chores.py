"""What the files of .ebextensions have done to an instance."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from beanstalk.platform.extensions import Command, Part, text
from beanstalk.platform.failed import Failed
from beanstalk.platform.places import Places
from beanstalk.platform.shell import Done, Shell

LOG = "cfn-init-cmd.log"
BARE = ("PATH", "HOME", "LANG")


@dataclass(frozen=True, slots=True)
class Chores:
    """Does them below a tree. Packages, users and services go to the stand-ins, which note them."""

    places: Places
    shell: Shell
    say: Callable[[str], None]

    def do(self, part: Part) -> None:
        """All keys of one file that come before the bundle is in use; raises Failed."""
        for manager, packages in part.packages.items():
            self._stand_in(["dnf" if manager in ("yum", "rpm") else manager, "install", "--assumeyes", *packages])
        for name in part.groups:
            self._stand_in(["groupadd", str(name)])
        for name in part.users:
            self._stand_in(["useradd", str(name)])
        for path in sorted(part.files):
            self._write(path, part.files[path])
        for command in part.commands:
            self._do(f"{part.name}: commands", command, self.places.root, alone=True)
        for services in part.services.values():
            for name, wanted in services.items():
                self._serve(str(name), wanted)

    def do_container_commands(self, commands: Iterable[Command], staging: Path) -> None:
        """In the order given; raises Failed for the first one that fails and may not."""
        for command in commands:
            self._do("container_commands", command, staging, alone=False)

    def _write(self, name: str, entry: Mapping[str, Any]) -> None:
        path = self.places.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        if "source" in entry:
            self.say(f"files: {name} is not fetched from {entry['source']}: it stays empty here")
        content = text(entry.get("content"))
        if entry.get("encoding") == "base64":
            path.write_bytes(base64.b64decode(content))
        else:
            path.write_text(self.places.mapped(content))
        path.chmod(int(text(entry.get("mode", "000644")), 8) | 0o600)

    def _do(self, where: str, command: Command, folder: Path, *, alone: bool) -> None:
        """Run one: `alone` without the environment properties, which the platform gives to container commands only."""
        variables = {name: self.places.mapped(value) for name, value in command.env.items()}
        inherited = {name: self.shell.environ[name] for name in BARE} if alone else self.shell.environ
        shell = Shell({**inherited, **variables}, self.shell.logs, self.shell.seconds)
        cwd = Path(self.places.mapped(command.cwd)) if command.cwd else folder
        if command.test is not None and shell.run(self.places.mapped(command.test), cwd, LOG).code:
            self.say(f"{where}: {command.name} is not needed")
            return
        self.say(f"{where}: {command.name}")
        self._judge(f"{where}: {command.name}", shell.run(self._mapped(command.command), cwd, LOG), command)

    def _mapped(self, command: str | list[str]) -> str | list[str]:
        return self.places.mapped(command) if isinstance(command, str) else list(map(self.places.mapped, command))

    def _judge(self, name: str, done: Done, command: Command) -> None:
        if not done.code:
            return
        failure = f"{name} ended with exit code {done.code}:\n{done.output}"
        if not command.ignore_errors:
            raise Failed(failure)
        self.say(f"{failure}\nIts errors are ignored.")

    def _serve(self, name: str, wanted: Mapping[str, Any]) -> None:
        self._stand_in(["systemctl", "enable" if text(wanted.get("enabled")) == "true" else "disable", name])
        self._stand_in(["systemctl", "start" if text(wanted.get("ensureRunning")) == "true" else "stop", name])

    def _stand_in(self, words: list[str]) -> None:
        done = self.shell.run(words, self.places.root, LOG)
        if done.code:
            raise Failed(f"{' '.join(words)} ended with exit code {done.code}:\n{done.output}")
