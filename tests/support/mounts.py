"""Real mounts that come and go, in a mount namespace of the test's own, so that this machine never sees them."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from beanstalk.commands import ROOT

HOLD = ["unshare", "--mount", "--propagation", "private", "sh", "-c", "echo ready; exec cat"]


class Namespace:
    """What runs in it sees its mounts; the test itself sees what lies below them."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def within(self, command: list[str]) -> list[str]:
        """The command, to be run in here."""
        return ["nsenter", f"--target={self.pid}", "--mount", f"--wd={ROOT}", *command]

    def mount(self, folder: Path) -> None:
        """Lay an empty file system over the folder."""
        self._run("mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", str(folder))

    def unmount(self, folder: Path) -> None:
        """Take it away at once, as a file system over the network may go, whoever is using it."""
        self._run("umount", "--lazy", str(folder))

    def _run(self, *command: str) -> None:
        subprocess.run(self.within(list(command)), check=True)


@contextmanager
def namespace() -> Iterator[Namespace]:
    """A new one; skips the test where this user may not make any."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount")
    with subprocess.Popen(HOLD, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        try:
            if holder.stdout.readline() != b"ready\n":
                pytest.skip("no mount namespace can be made here")
            yield Namespace(holder.pid)
        finally:
            holder.stdin.close()
