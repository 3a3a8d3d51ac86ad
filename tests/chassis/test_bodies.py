"""No server in front of us is cut off while it still sends."""

from io import BytesIO
from pathlib import Path

from apps.chassis import bodies
from tests.chassis.tiny import tiny_app

MEGABYTE = 1024 * 1024


def sent(folder: Path, method: str, megabytes: int) -> int:
    """How much is read of a body with which nobody does anything."""
    body = BytesIO(bytes(megabytes * MEGABYTE))
    client = tiny_app(folder).test_client()
    client.open("/nowhere", method=method, input_stream=body, environ_overrides={"wsgi.input_terminated": True})
    return body.tell()


def test_what_is_refused_is_read_to_its_end(tmp_path: Path) -> None:
    assert sent(tmp_path, "POST", 18) == 18 * MEGABYTE


def test_there_is_an_end_to_what_is_read(tmp_path: Path) -> None:
    assert sent(tmp_path, "POST", 80) == bodies.MOST_BYTES


def test_a_sender_that_breaks_off_still_has_its_answer_made(tmp_path: Path) -> None:
    class Broken(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise ConnectionResetError

    client = tiny_app(tmp_path).test_client()
    answer = client.post("/nowhere", input_stream=Broken(), environ_overrides={"wsgi.input_terminated": True})
    assert answer.status_code == 404
