import contextlib
import socket
import threading
from collections.abc import Iterator

import pytest

from failover.endpoints import open_endpoint
from failover.relay import Relay
from failover.settings import Address, WrongSetting
from tests.support.waiting import wait_until

MUCH = b"0123456789abcdef" * 500_000


class Greeter:
    """Says its name to everybody, as a database does, and then whatever it hears."""

    def __init__(self, name: bytes) -> None:
        self.name = name
        self.connected = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = Address("127.0.0.1", self._listener.getsockname()[1], "", "")
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=self._serve, args=(self._listener.accept()[0],), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        self.connected += 1
        with connection, contextlib.suppress(OSError):
            connection.sendall(self.name)
            while data := connection.recv(65536):
                connection.sendall(data)
        self.connected -= 1


@pytest.fixture
def greeters() -> Iterator[tuple[Greeter, Greeter]]:
    both = Greeter(b"a"), Greeter(b"b")
    yield both
    for greeter in both:
        greeter.close()


@pytest.fixture
def relay() -> Iterator[Relay]:
    relay = Relay("127.0.0.1", 0)
    yield relay
    relay.close()


def visit(relay: Relay) -> socket.socket:
    return socket.create_connection(("127.0.0.1", relay.port), 5)


def greeting(relay: Relay) -> bytes:
    """What a visitor hears first; nothing if the door is shut."""
    with visit(relay) as connection:
        return hear(connection)


def hear(connection: socket.socket, most: int = 1) -> bytes:
    try:
        return connection.recv(most)
    except ConnectionResetError:
        return b""


def test_it_leads_nowhere_until_it_is_told_where(relay: Relay, greeters: tuple[Greeter, Greeter]) -> None:
    assert greeting(relay) == b""
    relay.point_at(greeters[0].address)
    assert greeting(relay) == b"a"


def test_moving_it_cuts_off_who_was_led_elsewhere(relay: Relay, greeters: tuple[Greeter, Greeter]) -> None:
    relay.point_at(greeters[0].address)
    with visit(relay) as old:
        assert hear(old) == b"a"
        relay.point_at(greeters[1].address)
        assert hear(old) == b""
        assert greeting(relay) == b"b"
    wait_until(lambda: greeters[0].connected == 0)


def test_pointing_at_the_same_server_disturbs_nobody(relay: Relay, greeters: tuple[Greeter, Greeter]) -> None:
    relay.point_at(greeters[0].address)
    with visit(relay) as connection:
        assert hear(connection) == b"a"
        relay.point_at(greeters[0].address)
        connection.sendall(b"x")
        assert hear(connection) == b"x"


def test_what_is_more_than_anybody_holds_arrives_whole(relay: Relay, greeters: tuple[Greeter, Greeter]) -> None:
    relay.point_at(greeters[0].address)
    with visit(relay) as connection:
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
    assert greeting(relay) == b""
    relay.point_at(greeters[1].address)
    assert greeting(relay) == b"b"


def test_who_waits_for_a_server_that_does_not_answer_is_freed_by_the_move(
    relay: Relay, greeters: tuple[Greeter, Greeter]
) -> None:
    # Nobody accepts, and the queue is full, so that a further connection hangs.
    with socket.create_server(("127.0.0.1", 0), backlog=0) as hanging:
        address = Address("127.0.0.1", hanging.getsockname()[1], "", "")
        relay.point_at(address)
        with contextlib.ExitStack() as visitors:
            waiting = [visitors.enter_context(visit(relay)) for _ in range(4)]
            relay.point_at(greeters[0].address)
            # Whoever was let in only now is led to the new one.
            assert {hear(one) for one in waiting} <= {b"", b"a"}
        assert greeting(relay) == b"a"


@pytest.mark.parametrize("url", ["dns://writer.example", "", "relay://127.0.0.1:99999"])
def test_an_endpoint_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(WrongSetting, match="FAILOVER_ENDPOINT"):
        open_endpoint(url)


def test_an_address_in_use_is_refused(relay: Relay) -> None:
    with pytest.raises(WrongSetting, match="in use"):
        open_endpoint(f"relay://127.0.0.1:{relay.port}")
