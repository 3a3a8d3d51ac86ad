"""Real services for the whole run, started when the first test asks for them."""

import logging
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, Protocol, TypeVar

import hypothesis
import pytest

from tests.services.browser import chromium
from tests.services.cfn_lint import CfnLint, find_cfn_lint
from tests.services.chrony import Chrony
from tests.services.eb_program import Eb, find_eb
from tests.services.html_checker import HtmlChecker, find_html_checker
from tests.services.mariadb import MariaDb, Replication
from tests.services.ministack import CREDENTIALS, Ministack, find_ministack
from tests.services.redis_server import RedisServer
from tests.services.schemathesis_program import find_schemathesis
from tests.support.laptop import Laptop
from tests.support.quick import hash_slowly, quick_apps
from tests.support.sites import RunningSite
from tests.support.surroundings import forget
from tests.support.waiting import wait_until
from tools.programs import find

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Error, Page

# The same examples each time, however busy the machine is.
hypothesis.settings.register_profile(
    "steady",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("steady")

# What these folders test is one for all Pythons: programs, pages, and whole servers.
SERVED_FOLDERS = (Path(__file__).parent / "functional", Path(__file__).parent / "tools")
# Where one test runs over several backends, its parameter names the one that needs a server.
SERVED_BACKENDS = frozenset({"mysql", "mariadb", "redis", "sqs", "dynamodb", "served"})


class Service(Protocol):
    """A server of which each test run has its own."""

    def start(self) -> None: ...
    def stop(self) -> None: ...


S = TypeVar("S", bound=Service)


def pytest_configure() -> None:
    # Before the first test module is read, since some decide then what they try.
    forget()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as `unit` what needs no server, so that every supported Python can run it."""
    for item in items:
        if not _needs_server(item) and not any(map(item.get_closest_marker, ("long", "compose"))):
            item.add_marker(pytest.mark.unit)


def _needs_server(item: pytest.Item) -> bool:
    call = getattr(item, "callspec", None)
    backends = {value for value in call.params.values() if isinstance(value, str)} if call else set()
    served = not SERVED_BACKENDS.isdisjoint(backends) or not set(SERVED_FOLDERS).isdisjoint(item.path.parents)
    return served or any(map(_gives_server, _fixtures(item)))


def _fixtures(item: pytest.Item) -> list[Callable[..., object]]:
    """The functions behind all that the test asks for, and what that asks for."""
    found = item._fixtureinfo.name2fixturedefs.values() if isinstance(item, pytest.Function) else ()
    return [definition.func for definitions in found for definition in definitions]


def _gives_server(fixture: Callable[..., object]) -> bool:
    return "tests.services." in str(fixture.__annotations__.get("return"))


@pytest.fixture
def one_window() -> None:
    """Begin within a window of the rate limits, whose borders are at full minutes, and not just before its end."""
    wait_until(lambda: time.time() % 60 < 55, seconds=10)


@pytest.fixture(scope="session", autouse=True)
def _apps_are_quick() -> Iterator[None]:
    with quick_apps():
        yield


@pytest.fixture
def real_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords hashed as in production, for a test about that."""
    hash_slowly(monkeypatch)


@pytest.fixture(autouse=True)
def _logging_ends_with_the_test() -> Iterator[None]:
    """An app sends the log to what was standard output then; pytest has closed that when the next test logs."""
    yield
    root = logging.getLogger()
    root.handlers[:] = [handler for handler in root.handlers if type(handler) is not logging.StreamHandler]


@pytest.fixture(scope="session")
def mariadb() -> Iterator[MariaDb]:
    """A MariaDB server; `create` gives a test a database of its own."""
    _need("mariadb-server")
    for server in _running(MariaDb()):
        server.allow()
        yield server


@pytest.fixture(scope="session")
def replication() -> Iterator[Replication]:
    """A MariaDB primary and its replica; a test that stops replication resumes it."""
    _need("mariadb-server")
    yield from _running(Replication())


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """A Redis server; a test empties it first or keeps to keys of its own."""
    _need("redis-server")
    yield from _running(RedisServer())


@pytest.fixture
def chrony() -> Iterator[Chrony]:
    """An NTP server of this test's own, with the time of this machine until the test shifts it."""
    _need("chrony")
    yield from _running(Chrony())


@pytest.fixture(scope="session")
def ministack() -> Iterator[Ministack]:
    """SQS and DynamoDB, with the credentials for it in the environment."""
    program = find_ministack()
    if program is None:
        _miss("ministack")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in CREDENTIALS.items():
            patch.setenv(name, value)
        yield from _running(Ministack(program))


@pytest.fixture(scope="session")
def schemathesis() -> Path:
    """The tester that is driven by an API's description."""
    program = find_schemathesis()
    if program is None:
        _miss("schemathesis")
    return program


@pytest.fixture(scope="session")
def cfn_lint() -> CfnLint:
    """The checker of CloudFormation templates."""
    return find_cfn_lint() or _miss("cfn-lint")


@pytest.fixture(scope="session")
def html_checker() -> HtmlChecker:
    """The Nu checker of HTML."""
    return find_html_checker() or _miss("vnu-jar")


@pytest.fixture(scope="session")
def eb() -> Eb:
    """Amazon's own command line for Elastic Beanstalk."""
    return find_eb() or _miss("awsebcli")


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """A running Chromium."""
    _need("chromium")
    with chromium() as running:
        yield running


@pytest.fixture
def page(browser: "Browser") -> "Iterator[Page]":
    """A page of a visitor whom no site has seen; the test fails when a script of the page does."""
    mistakes: list[str] = []

    def hear(message: "ConsoleMessage") -> None:
        if "Content Security Policy" in message.text:
            mistakes.append(message.text)

    def fail(error: "Error") -> None:
        # A browser that is late leaves out the animation between two pages, which is no script's mistake.
        if "Transition was aborted" not in str(error):
            mistakes.append(str(error))

    with browser.new_context() as context:
        opened = context.new_page()
        opened.on("pageerror", fail)
        opened.on("console", hear)
        yield opened
    assert not mistakes


@pytest.fixture
def run_site(tmp_path: Path) -> Iterator[Callable[..., RunningSite]]:
    """Starts a site under gunicorn: `run_site("myclothes", {"SESSION_URL": ...}, worker=True).url`."""
    running: list[RunningSite] = []

    def run(app: str, environ: dict[str, str] | None = None, *, worker: bool = False) -> RunningSite:
        running.append(RunningSite(app, tmp_path, environ, worker=worker))
        running[-1].start()
        return running[-1]

    try:
        yield run
    finally:
        for site in running:
            site.stop()


@pytest.fixture
def start_laptop() -> Iterator[Callable[..., Laptop]]:
    """Starts the three sites as `make run` does: `start_laptop(var, {"SESSION_URL": ...})`."""
    started: list[Laptop] = []

    def start(*arguments: Any, **options: Any) -> Laptop:
        started.append(Laptop(*arguments, **options))
        return started[-1]

    yield start
    for laptop in started:
        laptop.end()


def _need(package: str) -> None:
    if find(package) is None:
        _miss(package)


def _miss(what: str) -> NoReturn:
    text = f"{what} is not installed: make test installs it where it can"
    # Silence here would let a whole backend go untested.
    if os.environ.get("TEST_SERVICES") == "required" or os.environ.get("CI"):
        pytest.fail(text, pytrace=False)
    pytest.skip(text)


def _running(service: S) -> Iterator[S]:
    try:
        service.start()
        yield service
    finally:
        service.stop()
