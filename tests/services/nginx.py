"""A real nginx with a bundle's configuration, laid over what the platform puts beside it."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from beanstalk.plan import free_port
from beanstalk.platform import proxy
from beanstalk.probe import answer
from tests.support.waiting import wait_until
from tools.programs import find

START_SECONDS = 10.0
# What the platform writes by itself, as far as a bundle's own could be in its way.
PLATFORM = {
    "conf.d/healthd_logformat.conf": proxy.HEALTH_FORMAT,
    f"{proxy.SERVER}/healthd.conf": proxy.HEALTH_LOG,
    f"{proxy.SERVER}/00_application.conf": "location / { proxy_pass http://127.0.0.1:8000; }",
    f"{proxy.SERVER}/01_static.conf": proxy.STATIC.format(url="static", folder="static"),
}


class Nginx:
    """Serves on a free port of this machine; `places` says where the instance's folders are here."""

    def __init__(self, bundle: Path, folder: Path, places: Mapping[str, Path]) -> None:
        self.port = free_port()
        self.folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        for name, text in PLATFORM.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
        shutil.copytree(bundle / ".platform" / "nginx", folder, dirs_exist_ok=True)
        for file in folder.rglob("*.conf"):
            file.write_text(self._moved(file.read_text(), {"/var/log/nginx": folder, **places}))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start and wait until it answers."""
        self._process = subprocess.Popen([*self._command(), "-g", "daemon off;"], stderr=subprocess.DEVNULL)
        wait_until(lambda: answer(f"{self.url}/health/live")[0], START_SECONDS)

    def complaints(self) -> str:
        """What nginx itself says about the configuration; empty if it is fine."""
        tested = subprocess.run([*self._command(), "-q", "-t"], capture_output=True, text=True)
        return tested.stderr or str(tested.returncode or "")

    def stop(self) -> None:
        if self._process:
            self._process.terminate()
            self._process.wait(10)

    def _command(self) -> list[str]:
        program = find("nginx-light")
        assert program
        return [program, "-e", "stderr", "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")]

    def _moved(self, text: str, places: Mapping[str, Path]) -> str:
        # Root's workers would become somebody who cannot read the test's files.
        text = re.sub(r"^user .*", "user root;" if os.geteuid() == 0 else "", text, flags=re.M)
        text = text.replace("/var/run/nginx.pid", "nginx.pid").replace(
            "listen      80 ", f"listen 127.0.0.1:{self.port} "
        )
        own = "".join(f"{name}_temp_path {self.folder}/temporary-{name};" for name in proxy.TEMPORARY)
        text = text.replace("http {", f"http {{ {own}")
        for place, here in places.items():
            text = text.replace(place, str(here))
        return text
