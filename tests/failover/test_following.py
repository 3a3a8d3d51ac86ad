"""A relay of its own process leads where a promoter elsewhere says, and goes on when that is away."""

import socket
from collections.abc import Iterator

import pytest

from failover.announcer import Announcer
from failover.settings import RelaySettings, WrongSetting
from tests.failover.greeters import Greeter, greeting, hear, visit
from tests.services.relay_process import RelayProcess
from tests.support.waiting import wait_until


@pytest.fixture
def relay() -> Iterator[RelayProcess]:
    relay = RelayProcess()
    relay.start()
    yield relay
    relay.stop()


@pytest.fixture
def promoter(relay: RelayProcess) -> Iterator[Announcer]:
    announcer = Announcer("127.0.0.1", relay.promoter_port)
    yield announcer
    announcer.close()


def wait_to_be_greeted(relay: RelayProcess, name: bytes) -> None:
    wait_until(lambda: greeting(relay.port) == name)


def test_it_leads_where_the_promoter_says(
    relay: RelayProcess, promoter: Announcer, greeters: tuple[Greeter, Greeter]
) -> None:
    assert greeting(relay.port) == b""
    promoter.point_at(greeters[0].address)
    wait_to_be_greeted(relay, b"a")
    promoter.point_at(None)
    wait_to_be_greeted(relay, b"")


def test_who_is_connected_to_a_former_writer_is_cut_off_at_once(
    relay: RelayProcess, promoter: Announcer, greeters: tuple[Greeter, Greeter]
) -> None:
    promoter.point_at(greeters[0].address)
    wait_to_be_greeted(relay, b"a")
    with visit(relay.port) as connection:
        assert hear(connection) == b"a"
        connection.settimeout(0.5)
        promoter.point_at(greeters[1].address)
        assert hear(connection) == b""
    assert greeting(relay.port) == b"b"


def test_without_the_promoter_it_goes_on_even_when_it_starts_anew(
    relay: RelayProcess, promoter: Announcer, greeters: tuple[Greeter, Greeter]
) -> None:
    for greeter in greeters:
        promoter.point_at(greeter.address)
        wait_to_be_greeted(relay, greeter.name)
    with visit(relay.port) as connection:
        assert hear(connection) == b"b"
        promoter.close()
        connection.sendall(b"x")
        assert hear(connection) == b"x"
    relay.kill()
    relay.start()
    wait_to_be_greeted(relay, b"b")


def test_that_there_is_no_writer_is_remembered_as_well(
    relay: RelayProcess, promoter: Announcer, greeters: tuple[Greeter, Greeter]
) -> None:
    promoter.point_at(greeters[0].address)
    wait_to_be_greeted(relay, b"a")
    promoter.point_at(None)
    wait_to_be_greeted(relay, b"")
    promoter.close()
    relay.kill()
    relay.start()
    assert greeting(relay.port) == b""


def test_a_promoter_that_does_not_know_yet_changes_nothing(
    relay: RelayProcess, promoter: Announcer, greeters: tuple[Greeter, Greeter]
) -> None:
    promoter.point_at(greeters[0].address)
    wait_to_be_greeted(relay, b"a")
    promoter.close()
    with visit(relay.port) as connection:
        assert hear(connection) == b"a"
        with socket.create_server(("127.0.0.1", relay.promoter_port)) as returned:
            returned.settimeout(5)
            returned.accept()[0].close()
            # It is back for the second time, and still led by what it has heard before.
            returned.accept()[0].close()
        connection.sendall(b"x")
        assert hear(connection) == b"x"


def test_the_half_of_a_line_is_no_news(relay: RelayProcess, greeters: tuple[Greeter, Greeter]) -> None:
    first, second = (greeter.address.name.encode() for greeter in greeters)
    with socket.create_server(("127.0.0.1", relay.promoter_port)) as promoter:
        promoter.settimeout(5)
        with promoter.accept()[0] as dying:
            dying.sendall(first + b"\n" + second)
        promoter.accept()[0].close()
        wait_to_be_greeted(relay, b"a")


def test_a_promoter_that_falls_silent_is_called_anew(relay: RelayProcess) -> None:
    with socket.create_server(("127.0.0.1", relay.promoter_port)) as promoter:
        promoter.settimeout(10)
        with promoter.accept()[0], promoter.accept()[0]:
            assert relay.end() == 0


def test_its_promoter_must_be_named() -> None:
    with pytest.raises(WrongSetting, match="FAILOVER_PROMOTER"):
        RelaySettings.from_environ({"FAILOVER_PROMOTER": "promoter"})
