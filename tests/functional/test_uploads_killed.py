"""Gunicorn is killed in the middle of uploads: nothing half-done is visible, nothing acknowledged is lost."""

import hashlib
import re
import threading
from collections.abc import Callable
from functools import partial
from http.client import HTTPException
from pathlib import Path

import pytest

from apps.chassis.storage import KEY
from apps.mywordpress.media.pictures import accept
from tests.functional.writers import Writer
from tests.support.drawings import picture
from tests.support.sites import RunningSite
from tests.support.waiting import wait_until

WRITERS, ROUNDS, SIZE = 4, 3, (900, 600)


class Hand(threading.Thread):
    """Uploads one new picture after another, every other one within a post, until it is stopped."""

    def __init__(self, site: RunningSite, number: int, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.writer, self.number, self.stop = Writer(site), number, stop
        self.pictures: dict[str, bytes] = {}
        self.posts: dict[str, bytes] = {}
        self.broken = 0
        self.writer.sign_in()

    def run(self) -> None:
        turn = 0
        while not self.stop.is_set():
            turn += 1
            try:
                self.upload(turn)
            except (OSError, HTTPException):
                self.broken += 1
                self.stop.wait(0.05)

    def upload(self, turn: int) -> None:
        data = picture("PNG", SIZE, seed=self.number * 10_000 + turn)
        if turn % 2:
            acknowledged, into = self.writer.upload(data), self.pictures
        else:
            acknowledged, into = self.writer.post(f"Post {self.number}-{turn}", data), self.posts
        if acknowledged:
            into[acknowledged] = accept(data).data

    @property
    def acknowledged(self) -> int:
        return len(self.pictures) + len(self.posts)


@pytest.mark.long
def test_uploads_survive_the_death_of_the_server(
    run_site: Callable[..., RunningSite], services: dict[str, str], tmp_path: Path
) -> None:
    site = run_site("mywordpress", services)
    stop = threading.Event()
    hands = [Hand(site, number, stop) for number in range(WRITERS)]
    half = Writer(site)
    half.sign_in()
    for hand in hands:
        hand.start()
    for _ in range(ROUNDS):
        wait_until(partial(have_acknowledged, hands, have_acknowledged(hands) + 3 * WRITERS), 60)
        connection = half.begin_upload(picture("PNG", SIZE, seed=1))
        site.kill("web")
        connection.close()
        site.start_web()
    stop.set()
    for hand in hands:
        hand.join(60)

    assert sum(hand.broken for hand in hands) >= ROUNDS
    reader = Writer(site)
    for hand in hands:
        for url, expected in hand.pictures.items():
            assert reader.get(url) == (200, expected)
        for path, expected in hand.posts.items():
            assert reader.get(shown_by(reader, path)) == (200, expected)
    assert_nothing_is_half_done(tmp_path / "mywordpress" / "media")
    assert_the_library_is_whole(half)


def have_acknowledged(hands: list[Hand], at_least: int = 0) -> int:
    """How many uploads were acknowledged, or 0 if they are fewer than that."""
    number = sum(hand.acknowledged for hand in hands)
    return number if number >= at_least else 0


def shown_by(reader: Writer, path: str) -> str:
    """The address of the picture that a post shows."""
    status, page = reader.get(path)
    assert status == 200
    found = re.search(r'<img src="(/media/[^"]+)"', page.decode())
    assert found is not None
    return found.group(1)


def assert_nothing_is_half_done(root: Path) -> None:
    """Every file that can be asked for holds exactly what its name promises."""
    visible = [path for path in root.glob("??/??/*") if KEY.fullmatch(path.relative_to(root).as_posix())]
    assert len(visible) > ROUNDS * 3 * WRITERS
    assert [path for path in visible if hashlib.sha256(path.read_bytes()).hexdigest() != path.stem] == []


def assert_the_library_is_whole(writer: Writer) -> None:
    """Every picture that has a row has its file."""
    urls = writer.library()
    assert {writer.get(url)[0] for url in urls} == {200}
    assert len(urls) > ROUNDS * 3 * WRITERS
