import contextlib
import socket
import threading
from collections.abc import Iterator

import pytest

from failover.endpoints import open_endpoint
from failover.relay import Relay
from failover.settings import Address, WrongSetting
from tests.failover.greeters import Greeter, greeting, hear, visit
from tests.support.waiting import wait_until

MUCH = b"0123456789abcdef" * 500_000


@pytest.fixture
def relay() -> Iterator[Relay]:
    relay = Relay("127.0.0.1", 0)
    yield relay
    relay.close()


def test_it_leads_nowhere_until_it_is_told_where(relay: Relay, greeters: tuple[Greeter, Greeter]) -> None:
    assert greeting(relay.port) == b""
    relay.point_at(greeters[0].address)
    assert greeting(relay.port) == b"a"


def test_moving_it_cuts_off_who_was_led_elsewhere(relay: Relay, greeters: tuple[Greeter, Greeter]) -> None:
    relay.point_at(greeters[0].address)
    with visit(relay.port) as old:
        assert hear(old) == b"a"
        relay.point_at(greeters[1].address)
        assert hear(old) == b""
        assert greeting(relay.port) == b"b"
    wait_until(lambda: greeters[0].connected == 0)


def test_pointing_at_the_same_server_disturbs_nobody(relay: Relay, greeters: tuple[Greeter, Greeter]) -> None:
    relay.point_at(greeters[0].address)
    with visit(relay.port) as connection:
        assert hear(connection) == b"a"
        relay.point_at(greeters[0].address)
        connection.sendall(b"x")
        assert hear(connection) == b"x"


def test_what_is_more_than_anybody_holds_arrives_whole(relay: Relay, greeters: tuple[Greeter, Greeter]) -> None:
    relay.point_at(greeters[0].address)
    with visit(relay.port) as connection:
        assert hear(connection) == b"a"
        sending = threading.Thread(target=connection.sendall, args=(MUCH,))
        sending.start()
        heard = bytearray()
        while len(heard) < len(MUCH):
            heard += connection.recv(1 << 20)
        sending.join()
    assert heard == MUCH
    wait_until(lambda: greeters[0].connected == 0)


def test_a_server_that_is_away_shuts_the_door(relay: Relay, greeters: tuple[Greeter, Greeter]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        away = Address("127.0.0.1", nobody.getsockname()[1], "", "")
    relay.point_at(away)
    assert greeting(relay.port) == b""
    relay.point_at(greeters[1].address)
    assert greeting(relay.port) == b"b"


def test_who_waits_for_a_server_that_does_not_answer_is_freed_by_the_move(
    relay: Relay, greeters: tuple[Greeter, Greeter]
) -> None:
    # Nobody accepts, and the queue is full, so that a further connection hangs.
    with socket.create_server(("127.0.0.1", 0), backlog=0) as hanging:
        address = Address("127.0.0.1", hanging.getsockname()[1], "", "")
        relay.point_at(address)
        with contextlib.ExitStack() as visitors:
            waiting = [visitors.enter_context(visit(relay.port)) for _ in range(4)]
            relay.point_at(greeters[0].address)
            # Whoever was let in only now is led to the new one.
            assert {hear(one) for one in waiting} <= {b"", b"a"}
        assert greeting(relay.port) == b"a"


@pytest.mark.parametrize("url", ["dns://writer.example", "", "relay://127.0.0.1:99999"])
def test_an_endpoint_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(WrongSetting, match="FAILOVER_ENDPOINT"):
        open_endpoint(url)


def test_an_address_in_use_is_refused(relay: Relay) -> None:
    with pytest.raises(WrongSetting, match="in use"):
        open_endpoint(f"relay://127.0.0.1:{relay.port}")
