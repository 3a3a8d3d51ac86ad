"""One instance of a web environment, by `python -m beanstalk run` in a folder of its own."""

import os
import subprocess
import sys
from pathlib import Path

from beanstalk.commands import ROOT
from lab.experiments.beanstalk.versions import APP, TIER
from lab.servers import free_port

SERVES = " serves at "
STOP_SECONDS = 30


class Member:
    """An instance; what it needs is installed once for all of them, in `environments`."""

    def __init__(self, name: str, folder: Path, environments: Path) -> None:
        self.name, self.port = name, free_port()
        self._environ = {**os.environ, "VAR_DIR": str(folder / name)}
        # Else each start compiles every module anew.
        self._environ.pop("PYTHONDONTWRITEBYTECODE", None)
        platform = folder / name / "platform"
        platform.mkdir(parents=True)
        environments.mkdir(exist_ok=True)
        (platform / "venvs").symlink_to(environments)
        self._process: subprocess.Popen[str] | None = None

    def launch(self, bundle: Path, url: str) -> None:
        """Begin to start with this bundle for visitors of this URL; `await_start` tells when it serves."""
        words = ["run", APP, TIER, "--bundle", str(bundle), "--port", str(self.port)]
        words += ["--env", f"INSTANCE_ID={self.name}", "SHOW_ARCHITECTURE=1", f"PUBLIC_URL={url}"]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "beanstalk", *words],
            cwd=ROOT,
            env=self._environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def await_start(self) -> None:
        """Return when it serves; raises RuntimeError with what it said if it never does."""
        assert self._process
        assert self._process.stdout
        said = []
        for line in self._process.stdout:
            said.append(line)
            if SERVES in line:
                return
        raise RuntimeError(f"{self.name} does not start:\n{''.join(said)}")

    def deploying(self, bundle: Path) -> "subprocess.Popen[str]":
        """Begin to put this bundle in the place of the present one."""
        words = ["deploy", APP, TIER, "--bundle", str(bundle)]
        return subprocess.Popen(
            [sys.executable, "-m", "beanstalk", *words],
            cwd=ROOT,
            env=self._environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def terminate(self) -> None:
        """End it."""
        if self._process:
            self._process.terminate()
            self._process.communicate(timeout=STOP_SECONDS)
            self._process = None


def finished(deployments: "list[subprocess.Popen[str]]") -> None:
    """Wait for deployments; raises RuntimeError with what one said that failed."""
    for one in deployments:
        said, _ = one.communicate()
        if one.returncode:
            raise RuntimeError(f"a deployment failed:\n{said}")
