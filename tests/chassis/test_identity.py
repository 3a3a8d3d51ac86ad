"""Identity: asked of a metadata service over real HTTP, or made up from what the machine knows."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from apps.chassis.identity import Identity
from apps.chassis.settings import Settings
from tests.support.waiting import wait_until

pytestmark = pytest.mark.unit

ANSWERS = {
    "instance-id": "i-0123456789abcdef0",
    "placement/availability-zone": "ap-northeast-2a",
    "placement/region": "ap-northeast-2",
    "local-ipv4": "10.0.1.17",
}


class MetadataService(BaseHTTPRequestHandler):
    """Version 2 only, as on an instance in a private subnet: a token first, and no public address."""

    def do_PUT(self) -> None:
        has_lifetime = "X-aws-ec2-metadata-token-ttl-seconds" in self.headers
        self.answer(200 if has_lifetime and self.path == "/latest/api/token" else 400, "secret-token")

    def do_GET(self) -> None:
        if self.headers.get("X-aws-ec2-metadata-token") != "secret-token":
            return self.answer(401, "")
        value = ANSWERS.get(self.path.removeprefix("/latest/meta-data/"))
        return self.answer(200, value) if value else self.answer(404, "")

    def answer(self, status: int, body: str) -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the test's output is for the test."""


@contextmanager
def metadata_service() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), MetadataService)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_an_instance_learns_who_it_is_with_a_token() -> None:
    identity = Identity.of_settings(Settings.from_environ({}))
    with metadata_service() as endpoint:
        identity.look_up(endpoint)
        wait_until(lambda: identity.source == "metadata")
    assert identity.instance_id == "i-0123456789abcdef0"
    assert identity.availability_zone == "ap-northeast-2a"
    assert identity.private_ip == "10.0.1.17"
    assert identity.public_ip == "none"


def test_an_elastic_ip_is_told_while_it_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    identity = Identity.of_settings(Settings.from_environ({}))
    with metadata_service() as endpoint:
        monkeypatch.setitem(ANSWERS, "public-ipv4", "203.0.113.9")
        identity.read_metadata(endpoint)
        assert identity.public_ip == "203.0.113.9"
        monkeypatch.delitem(ANSWERS, "public-ipv4")
        identity.read_metadata(endpoint)
        assert identity.public_ip == "none"


def test_the_service_is_not_asked_by_each_who_wants_to_know() -> None:
    identity = Identity.of_settings(Settings.from_environ({}))
    with metadata_service() as endpoint:
        identity.look_up(endpoint)
        asked_at = identity.asked_at
        identity.look_up(endpoint)
        assert identity.asked_at == asked_at
        wait_until(lambda: identity.source == "metadata")


def test_without_a_service_the_machine_itself_is_named() -> None:
    identity = Identity.of_settings(Settings.from_environ({}))
    before = identity.as_dict()
    identity.read_metadata("http://127.0.0.1:9")
    assert identity.as_dict() == before
    assert identity.source == "hostname"


def test_the_environment_names_an_instance_of_a_local_topology() -> None:
    settings = Settings.from_environ(
        {"INSTANCE_ID": "web-2", "AVAILABILITY_ZONE": "local-b", "PRIVATE_IP": "127.0.1.2"}
    )
    facts = Identity.of_settings(settings).as_dict()
    assert (facts["instance_id"], facts["availability_zone"], facts["private_ip"]) == ("web-2", "local-b", "127.0.1.2")


def test_a_name_cannot_break_out_of_a_header() -> None:
    settings = Settings.from_environ({"INSTANCE_ID": 'web"\r\nSet-Cookie: x=1'})
    instance = Identity.of_settings(settings).instance_id
    assert json.dumps(instance) == f'"{instance}"'
    assert "\r" not in instance
