"""nginx under measurement: as a bundle of MyWordPress has it deployed, or with files alone."""

import gzip
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from beanstalk import bundle, processes
from beanstalk.platform import proxy
from beanstalk.platform.places import Address, Places
from beanstalk.probe import answer
from lab.servers import TICK, Server, free_port

SOCKET = "unix:/run/classic/web.sock"
NAME = "mywordpress"
# Nothing but sending files, as fast as nginx can, with the logs that the platform wants of everybody; and below /kept/
# the same from its cache, where they stay for an hour.
FILES = """error_log {folder}/error.log;
events {{ worker_connections 1024; }}
worker_processes auto;
http {{
    {log_format}
    sendfile on;
    tcp_nopush off;
    open_file_cache max=100;
    default_type text/html;
    gzip_static on;
    keepalive_requests 1000000;
    proxy_cache_path {folder}/kept keys_zone=kept:1m use_temp_path=off;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    upstream files {{ server 127.0.0.1:80; keepalive 4; }}
    log_format main '$remote_addr [$time_local] "$request" $status $body_bytes_sent $request_time "$http_user_agent"';
    open_log_file_cache max=8 inactive=60s valid=60s;
    server {{
        listen 80;
        root {folder};
        access_log {folder}/access.log main;
        {log}
        location /kept/ {{
            proxy_pass http://files/;
            proxy_set_header Accept-Encoding "";
            proxy_cache kept;
            proxy_cache_valid 200 1h;
            proxy_cache_lock on;
        }}
    }}
}}
"""


@dataclass
class Front:
    """nginx on a port, with the server behind it."""

    nginx: processes.Process
    port: int
    behind: Server | None = None

    def cpu_seconds(self) -> float:
        """CPU time of nginx's processes and of all behind them."""
        pids = Path(f"/proc/{self.nginx.pid}/task/{self.nginx.pid}/children").read_text().split()
        fields = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in (self.nginx.pid, *pids)]
        used = sum(int(stat[11]) + int(stat[12]) for stat in fields) / TICK
        return used + (self.behind.cpu_seconds() if self.behind else 0.0)


class Deployed:
    """The configuration of the committed bundle, in a folder in place of an instance's `/`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.socket = folder / "run/classic/web.sock"
        self.socket.parent.mkdir(parents=True)
        (folder / "var/log/nginx/healthd").mkdir(parents=True)

    @contextmanager
    def serving(self) -> Iterator[Front]:
        """Serve; there need not be anybody at the socket yet."""
        places = Places(self.folder, self.folder / "run", Address(SOCKET), Address(f"unix:{self.socket}"), self.port)
        unpacked = self.folder / "bundle"
        for name, file in bundle.contents(bundle.committed(bundle.ROOT).files, NAME, "web").items():
            (unpacked / name).parent.mkdir(parents=True, exist_ok=True)
            (unpacked / name).write_bytes(file.content)
        places.map_files(unpacked / ".platform")
        proxy.compose(unpacked, places, {})
        proxy.render(places, self.folder / "nginx", self.port)
        with _started(self.folder, self.folder / "nginx", self.port) as nginx:
            yield nginx


@contextmanager
def files(pages: Mapping[str, bytes]) -> Iterator[Front]:
    """Serve these bytes under these names, compressed beforehand for who takes that."""
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        folder.chmod(0o755)
        for page, body in pages.items():
            (folder / page).write_bytes(body)
            (folder / f"{page}.gz").write_bytes(gzip.compress(body, 6, mtime=0))
        configuration = folder / "nginx"
        configuration.mkdir()
        (folder / "healthd").mkdir()
        log = proxy.HEALTH_LOG.replace("/var/log/nginx", str(folder))
        text = FILES.format(folder=folder, log_format=proxy.HEALTH_FORMAT, log=log)
        text = text.replace("listen 80", f"listen 127.0.0.1:{port}").replace("127.0.0.1:80;", f"127.0.0.1:{port};")
        (configuration / "nginx.conf").write_text(text)
        with _started(folder, configuration, port) as nginx:
            yield nginx


@contextmanager
def _started(folder: Path, configuration: Path, port: int) -> Iterator[Front]:
    nginx = proxy.Proxy(folder / "now", folder)
    nginx.turn(configuration)
    process = nginx.start()
    try:
        while not answer(f"http://127.0.0.1:{port}/")[0] and process.poll() is None:
            pass
        yield Front(process, port)
    finally:
        processes.kill(process)
