"""The shared folder is not mounted yet, comes, goes away under the running site, and comes back."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from beanstalk import commands, processes
from tests.functional.writers import Writer, form_of
from tests.support.drawings import picture
from tests.support.mounts import Namespace, namespace
from tests.support.sites import RunningSite
from tests.support.waiting import wait_until


class WithinNamespace(RunningSite):
    """A site whose processes live where the mounts are."""

    def __init__(self, space: Namespace, var: Path, environ: Mapping[str, str]) -> None:
        super().__init__("mywordpress", var, environ)
        self.space = space

    def _start(self, part: str, command: list[str], environ: Mapping[str, str]) -> None:
        super()._start(part, self.space.within(command), environ)


@pytest.fixture
def space() -> Iterator[Namespace]:
    with namespace() as made:
        yield made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "mounted"
    made.mkdir()
    return made


@pytest.fixture
def site(space: Namespace, folder: Path, tmp_path: Path) -> Iterator[WithinNamespace]:
    environ = {"STORAGE_URL": f"file://{folder}", "STORAGE_REQUIRE_MOUNT": "1"}
    # Once, so that there are people who can sign in.
    space.mount(folder)
    running = WithinNamespace(space, tmp_path, environ)
    with running:
        yield running


def readiness(site: RunningSite) -> tuple[int, str]:
    try:
        with urlopen(f"{site.url}/health/ready") as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


def refusal(writer: Writer, accept: str) -> tuple[int, str, str | None]:
    body, kind = form_of({}, picture("PNG", (30, 20), seed=9))
    status, headers, answer = writer.send("POST", "/media", body, kind, accept)
    return status, answer.decode(), headers["Retry-After"]


def test_uploads_wait_for_the_mount_and_nothing_is_written_below_it(
    site: WithinNamespace, space: Namespace, folder: Path
) -> None:
    writer = Writer(site)
    writer.sign_in()
    first = writer.upload(picture("PNG", (30, 20), seed=1))
    assert first

    space.unmount(folder)
    status, text, retry = refusal(writer, "application/json")
    assert (status, retry) == (503, "5")
    assert "storage does not answer" in json.loads(text)["error"]["detail"]
    status, text, retry = refusal(writer, "text/html")
    assert (status, retry, "storage does not answer" in text) == (503, "5", True)
    # Each process asks anew after some seconds only.
    wait_until(lambda: "is not a mount point" in readiness(site)[1], seconds=10)
    # No picture is said not to exist while nobody can tell.
    assert writer.get(first)[0] == 503
    assert writer.get("/")[0] == 200
    assert list(folder.iterdir()) == []

    space.mount(folder)
    assert writer.upload(picture("PNG", (30, 20), seed=2))
    wait_until(lambda: readiness(site)[0] == 200, seconds=10)
    assert writer.get(first)[0] == 404
    assert list(folder.iterdir()) == []


def test_a_site_that_starts_before_its_mount_refuses_until_it_is_there(
    site: WithinNamespace, space: Namespace, folder: Path
) -> None:
    processes.kill(site.parts.pop("web"))
    space.unmount(folder)
    site._start("web", commands.web(site.plan), site.plan.environ)
    wait_until(lambda: readiness_if_up(site) == 503, 60)
    writer = Writer(site)
    writer.sign_in()
    assert writer.upload(picture("PNG", (30, 20), seed=1)) is None
    assert list(folder.iterdir()) == []
    space.mount(folder)
    assert writer.upload(picture("PNG", (30, 20), seed=1))
    assert list(folder.iterdir()) == []


def readiness_if_up(site: RunningSite) -> int:
    try:
        return readiness(site)[0]
    except OSError:
        return 0
