"""nginx in front: the configuration that the platform and the bundle make together, and the process itself."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from beanstalk import processes
from beanstalk.platform.extensions import Options
from beanstalk.platform.failed import Failed
from beanstalk.platform.places import Places

SEARCHED = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/local/sbin", "/usr/sbin", "/sbin"])
STATIC_FILES = "aws:elasticbeanstalk:environment:proxy:staticfiles"
FOLDER = "/etc/nginx"
MIME_TYPES = Path("/etc/nginx/mime.types")
SERVER = "conf.d/elasticbeanstalk"
MAIN = """error_log /var/log/nginx/error.log warn;
events {
    worker_connections 1024;
}
http {
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    include conf.d/*.conf;
    map $http_upgrade $connection_upgrade {
        default "upgrade";
    }
    server {
        listen 80 default_server;
        access_log /var/log/nginx/access.log;
        client_header_timeout 60;
        client_body_timeout 60;
        keepalive_timeout 60;
        gzip on;
        gzip_comp_level 4;
        gzip_types text/css application/javascript application/json text/plain text/xml image/svg+xml;
        include conf.d/elasticbeanstalk/*.conf;
    }
}
"""
APPLICATION = """location / {
    proxy_pass http://%s;
    proxy_http_version 1.1;
    proxy_set_header Connection $connection_upgrade;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Host $host;
    proxy_set_header X-Real-IP $remote_addr;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
}
"""
STATIC = """location /{url}/ {{
    alias /var/app/current/{folder}/;
    access_log off;
}}
"""
# What enhanced health reads.
HEALTH_FORMAT = """log_format healthd '$msec"$uri"'
    '$status"$request_time"$upstream_response_time"'
    '$http_x_forwarded_for';
"""
HEALTH_LOG = """if ($time_iso8601 ~ "^(\\d{4})-(\\d{2})-(\\d{2})T(\\d{2})") {
    set $year $1;
    set $month $2;
    set $day $3;
    set $hour $4;
}
access_log /var/log/nginx/healthd/application.log.$year-$month-$day-$hour healthd;
"""
# Where nginx keeps what is too large for memory; its own places belong to root.
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
# What the command line says instead.
OURS = re.compile(r"^\s*(?:user|pid|daemon)\s[^;]*;", re.MULTILINE)
LISTEN = re.compile(r"\blisten\s+(?:[\w.*]+:)?80(?P<more>(?:\s[^;]*)?);")
LISTEN_6 = re.compile(r"\blisten\s+\[[^\]]*\]:\d+[^;]*;")


def compose(bundle: Path, places: Places, options: Options) -> None:
    """Leave in the instance's /etc/nginx what the platform puts there, and over it what the bundle does."""
    folder = places.path(FOLDER)
    (folder / SERVER).mkdir(parents=True)
    if MIME_TYPES.exists():
        shutil.copyfile(MIME_TYPES, folder / "mime.types")
    for name, text in _platforms_own(places, options).items():
        (folder / name).write_text(places.mapped(text))
    if (bundle / ".platform/nginx").is_dir():
        shutil.copytree(bundle / ".platform/nginx", folder, dirs_exist_ok=True)


def _platforms_own(places: Places, options: Options) -> dict[str, str]:
    return {
        "nginx.conf": MAIN,
        "conf.d/healthd_logformat.conf": HEALTH_FORMAT,
        f"{SERVER}/healthd.conf": HEALTH_LOG,
        f"{SERVER}/00_application.conf": APPLICATION % places.own.text,
        f"{SERVER}/01_static.conf": _static_files(options),
    }


def _static_files(options: Options) -> str:
    found = [(name, value) for (namespace, name), value in options.items() if namespace == STATIC_FILES]
    found = found or [("/static", "static")]
    return "".join(STATIC.format(url=url.strip("/"), folder=folder.strip("/")) for url, folder in found)


def render(places: Places, folder: Path, port: int) -> None:
    """Write the instance's configuration as one for `port` of this machine into `folder`, which must not exist."""
    source = places.path(FOLDER)
    shutil.copytree(source, folder)
    for path in folder.rglob("*.conf"):
        text = path.read_text("utf-8").replace(str(source), str(folder))
        text = LISTEN_6.sub("", LISTEN.sub(rf"listen 127.0.0.1:{port}\g<more>;", text))
        path.write_text(text)
    main = folder / "nginx.conf"
    kept = "".join(f"{name}_temp_path {folder}/kept/{name};" for name in TEMPORARY)
    main.write_text(re.sub(r"^(\s*http\s*\{)", rf"\1 {kept}", OURS.sub("", main.read_text()), flags=re.MULTILINE))
    (folder / "kept").mkdir()
    # nginx complains of each line of a log whose name has variables unless the folder of its pages exists.
    (folder / "html").mkdir()


class Proxy:
    """One nginx, whose configuration is the folder that a link names: the link is turned to change it."""

    def __init__(self, link: Path, logs: Path) -> None:
        self.link = link
        self.logs = logs
        self.process: processes.Process | None = None

    def turn(self, folder: Path) -> None:
        """Name the folder to read; nothing that runs notices before `reload`."""
        turned = self.link.with_suffix(".new")
        turned.symlink_to(folder)
        turned.rename(self.link)

    def start(self) -> processes.Process:
        """Begin to serve; raises Failed where nginx is not installed."""
        program = shutil.which("nginx", path=SEARCHED)
        if program is None:
            raise Failed("nginx is not installed (Debian, Ubuntu: apt install nginx-light)")
        # As root its processes would else run as somebody who may read nothing below our folder.
        user = "user root; " if os.geteuid() == 0 else ""
        words = ["-p", f"{self.link}/", "-c", f"{self.link}/nginx.conf", "-e", str(self.logs / "error.log")]
        words += ["-g", f"{user}daemon off; pid {self.link}.pid;"]
        with (self.logs / "error.log").open("ab") as log:
            self.process = processes.spawn([program, *words], {"PATH": SEARCHED}, self.link.parent, log.fileno())
        return self.process

    def workers(self) -> set[int]:
        """The processes that answer, or did until they have finished."""
        if self.process is None:
            return set()
        pid = self.process.pid
        try:
            return set(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))
        except OSError:
            return set()


def are_leaving(workers: Iterable[int]) -> bool:
    """Whether all of these nginx processes take no request any more; those that are under way they still answer."""
    return all(_is_leaving(pid) for pid in workers)


def _is_leaving(pid: int) -> bool:
    try:
        return b"shutting down" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return True
