"""Docker by its command line, which is what people have and read about."""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from beanstalk import processes


class DockerFailed(Exception):
    """A command of Docker failed; the message holds the command and what Docker said."""


@dataclass(frozen=True, slots=True)
class Container:
    """A container as Docker sees it. `health` is empty where nothing asks for it; `code` is how its last run ended."""

    service: str
    id: str
    status: str
    health: str
    code: int
    restarts: int

    @property
    def runs(self) -> bool:
        return self.status == "running"


@dataclass(frozen=True, slots=True)
class Running:
    """A command that has not ended yet, or just has."""

    command: str
    process: "subprocess.Popen[bytes]"
    output: IO[str]

    def goes_on(self) -> bool:
        """Whether it still runs; raises DockerFailed if it failed."""
        if self.process.poll():
            self.output.seek(0)
            raise DockerFailed(f"{self.command}: {_last_lines(self.output.read())}")
        return self.process.returncode is None


@dataclass(frozen=True, slots=True)
class Engine:
    """Runs commands of Docker; `environ` says where the engine is, as Docker's own variables do."""

    environ: Mapping[str, str]

    @classmethod
    def of_this_machine(cls) -> "Engine":
        """The engine that the environment names, or that this project has started for itself."""
        from tools.docker import environment

        return cls({**os.environ, **environment()})

    def run(self, *words: str, content: str = "", seconds: float = 600) -> str:
        """What the command printed; raises DockerFailed."""
        done = subprocess.run(
            ["docker", *words],
            env=dict(self.environ),
            input=content,
            capture_output=True,
            text=True,
            timeout=seconds,
            # A Ctrl-C at the terminal is for us, who may be healing: it must not end what Docker does meanwhile.
            start_new_session=True,
        )
        if done.returncode:
            raise DockerFailed(f"docker {' '.join(words[:6])}: {_last_lines(done.stderr or done.stdout)}")
        return done.stdout

    @contextmanager
    def started(self, *words: str) -> Iterator["Running"]:
        """A command that goes on beside the block, and is ended with it."""
        with tempfile.TemporaryFile("w+") as output:
            process = processes.spawn(["docker", *words], self.environ, Path.cwd(), output.fileno())
            try:
                yield Running(f"docker {' '.join(words[:6])}", process, output)
            finally:
                # The whole group: Docker's plugins are processes of their own, and go on without it.
                processes.kill(process)

    @property
    def socket(self) -> str:
        """The path of the engine's socket, where it has one."""
        host = self.environ.get("DOCKER_HOST", "")
        return host.removeprefix("unix://") if host.startswith("unix://") else "/var/run/docker.sock"

    def inspect(self, *names: str) -> list[dict[str, Any]]:
        """All that Docker knows of these containers; those that have gone are left out."""
        if not names:
            return []
        done = subprocess.run(["docker", "inspect", *names], env=dict(self.environ), capture_output=True, text=True)
        if done.returncode and "No such object" not in done.stderr:
            raise DockerFailed(f"docker inspect: {_last_lines(done.stderr)}")
        found: list[dict[str, Any]] = json.loads(done.stdout)
        return found

    def containers(self, project: str) -> dict[str, Container]:
        """The project's containers by their service, whether they run or not."""
        listed = self.run("ps", "--all", "--quiet", "--no-trunc", *_of(project)).split()
        found = [_container(document) for document in self.inspect(*listed)]
        return {container.service: container for container in found}

    def leftovers(self, project: str) -> dict[str, list[str]]:
        """What is left of a project, by kind: containers, networks and volumes."""
        return {
            "container": self.run("ps", "--all", "--format", "{{.Names}}", *_of(project)).split(),
            "network": self.run("network", "ls", "--format", "{{.Name}}", *_of(project)).split(),
            "volume": self.run("volume", "ls", "--format", "{{.Name}}", *_of(project)).split(),
        }


def _of(project: str) -> tuple[str, str]:
    return ("--filter", f"label=com.docker.compose.project={project}")


def _container(document: Mapping[str, Any]) -> Container:
    state = document["State"]
    return Container(
        service=document["Config"]["Labels"]["com.docker.compose.service"],
        id=document["Id"],
        status=state["Status"],
        health=state.get("Health", {}).get("Status", ""),
        code=state["ExitCode"],
        restarts=document["RestartCount"],
    )


def _last_lines(text: str) -> str:
    return " / ".join(line.strip() for line in text.strip().splitlines()[-6:])
