"""A balancer in front of some instances: nginx, which is told anew whom it has, and repeats nothing."""

import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from beanstalk import processes
from beanstalk.platform.proxy import TEMPORARY
from tools.programs import find

CONFIGURATION = """error_log {folder}/error.log;
pid {folder}/nginx.pid;
{user}
events {{ worker_connections 1024; }}
http {{
    access_log off;
    {temporary}
    upstream instances {{ {servers} keepalive 32; }}
    server {{
        listen {address}:{port};
        location / {{
            proxy_pass http://instances;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $host:$server_port;
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_next_upstream off;
        }}
    }}
}}
"""
START_SECONDS, LOOK_SECONDS = 10.0, 0.02


class Balancer:
    """Listens on an address of loopback; an instance that it is told to let go finishes what it has."""

    def __init__(self, folder: Path, address: str, port: int, ports: Sequence[int]) -> None:
        self.address, self.port = address, port
        self._folder = folder
        self._write(ports)
        program = find("nginx-light")
        if program is None:
            raise RuntimeError("nginx is not installed")
        command = [program, "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf", "-g", "daemon off;"]
        self._process = processes.spawn(command, {}, folder, subprocess.DEVNULL)
        self._await_start()

    def turn_to(self, ports: Sequence[int]) -> None:
        """Have these instances from now on, and no others."""
        self._write(ports)
        self._process.send_signal(signal.SIGHUP)

    def stop(self) -> None:
        """End it at once."""
        processes.kill(self._process)

    def _write(self, ports: Sequence[int]) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        servers = " ".join(f"server 127.0.0.1:{port} max_fails=0;" for port in ports)
        temporary = " ".join(f"{name}_temp_path {self._folder}/temporary-{name};" for name in TEMPORARY)
        text = CONFIGURATION.format(
            folder=self._folder,
            user="user root;" if self._folder.owner() == "root" else "",
            temporary=temporary,
            servers=servers,
            address=self.address,
            port=self.port,
        )
        (self._folder / "nginx.conf").write_text(text)

    def _await_start(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self._listens():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((self._folder / "error.log").read_text())
            time.sleep(LOOK_SECONDS)

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex((self.address, self.port)) == 0
