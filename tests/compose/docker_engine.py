"""A stand-in for Docker's engine at a socket: containers that a test makes, and what the keeper has asked for."""

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

LABEL = "com.docker.compose.project=shop"


class DockerEngine:
    """`asked` are the commands that came, such as `start web-1`; `looked`: whether somebody has read the list."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.containers: dict[str, dict[str, Any]] = {}
        self.events: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self.looked = False

    def add(self, name: str, *, zone: str = "a", role: str = "web", beside: str = "", started_at: float = 0) -> None:
        """A healthy container, whose id is its name."""
        labels = {"com.docker.compose.service": name, "classic.zone": zone, "classic.role": role}
        started = datetime.fromtimestamp(started_at, UTC).strftime("%Y-%m-%dT%H:%M:%S.123456789Z")
        self.containers[name] = {
            "Id": name, "Labels": labels, "State": "running", "Status": "Up 5 minutes (healthy)",
            "HostConfig": {"NetworkMode": f"container:{beside}" if beside else "classic_front"}, "StartedAt": started,
        }  # fmt: skip

    def kill(self, name: str) -> None:
        """It ends, and nobody has asked Docker to stop it."""
        self.containers[name] |= {"State": "exited", "Status": "Exited (137) 1 second ago"}

    def stop(self, name: str) -> None:
        """Somebody stops it."""
        self.kill(name)
        self.events.append({"Action": "stop", "Actor": {"ID": name}})

    def answer(self, method: str, url: str) -> tuple[int, str]:
        """The engine's answer to a request, as a status and a text."""
        path, query = urlsplit(url).path, {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        match method, path.strip("/").split("/"):
            case "GET", ["containers", "json"] if json.loads(query["filters"])["label"] == [LABEL] and query["all"]:
                self.looked = True
                return 200, json.dumps(list(self.containers.values()))
            case "GET", ["events"] if json.loads(query["filters"])["label"] == [LABEL]:
                told, self.events = self.events, []
                return 200, "".join(f"{json.dumps(event)}\n" for event in told)
            case "GET", ["containers", name, "json"] if name in self.containers:
                return 200, json.dumps({"State": {"StartedAt": self.containers[name]["StartedAt"]}})
            case "POST", ["containers", name, ("start" | "restart") as verb] if name in self.containers:
                self.asked.append(f"{verb} {name}")
                self.containers[name] |= {"State": "running", "Status": "Up 1 second (health: starting)"}
                return 204, ""
        return 404, json.dumps({"message": f"no such thing: {url}"})


@contextmanager
def serving(engine: DockerEngine) -> Iterator[None]:
    """Let it answer at its socket for as long as the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, text = engine.answer(self.command, self.path)
            self.send_response(status)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            if text:
                self.wfile.write(text.encode())

        do_POST = do_GET  # noqa: N815

        def log_message(self, format: str, *args: object) -> None: ...

        def address_string(self) -> str:
            return "keeper"

    with socketserver.ThreadingUnixStreamServer(str(engine.path), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield
        server.shutdown()


class HaProxy(socketserver.StreamRequestHandler):
    """HAProxy's socket, where one instance is down: `web-2`."""

    def handle(self) -> None:
        if self.rfile.readline() == b"show stat\n":
            rows = "# pxname,svname,status,\n"
            rows += "shop,web-1,UP,\nshop,web-2,DOWN,\nshop,web-3,MAINT,\nshop,BACKEND,DOWN,\n"
            self.wfile.write(rows.encode())


@contextmanager
def haproxy(path: Path) -> Iterator[None]:
    """A balancer at this socket for as long as the block lasts."""
    with socketserver.ThreadingUnixStreamServer(str(path), HaProxy) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield
        server.shutdown()
