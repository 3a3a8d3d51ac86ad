"""The resolver: it asks a DNS server, and believes the answer for as long as that says."""

import asyncio
import socket
import struct
import threading
from collections.abc import Iterator

import pytest

from lab.load.names import Fixed, NoAddress, Resolver, by_dns, read

NAME = b"\x04site\x04test\x00"


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


class NameServer:
    """Answers each question with these addresses, by a pointer to the name as DNS servers do."""

    def __init__(self) -> None:
        self.addresses, self.ttl, self.code = ["127.0.0.1", "127.0.0.2"], 60, 0
        self.questions: list[bytes] = []
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = int(self.socket.getsockname()[1])
        self.stray = False
        self.thread = threading.Thread(target=self.serve)

    def serve(self) -> None:
        while True:
            message, sender = self.socket.recvfrom(512)
            if not message:
                return
            self.questions.append(message[12:])
            if self.stray:
                self.socket.sendto(b"\xff\xff" + self.answer(message)[2:], sender)
            self.socket.sendto(self.answer(message), sender)

    def answer(self, message: bytes) -> bytes:
        head = message[:2] + struct.pack("!5H", 0x8400 | self.code, 1, len(self.addresses), 0, 0)
        records = [
            b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, self.ttl, 4) + socket.inet_aton(each) for each in self.addresses
        ]
        return head + message[12:] + b"".join(records)


@pytest.fixture
def server() -> Iterator[NameServer]:
    running = NameServer()
    running.thread.start()
    yield running
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as end:
        end.sendto(b"", ("127.0.0.1", running.port))
    running.thread.join()
    running.socket.close()


def resolve(resolver: Resolver, host: str = "site.test") -> list[str]:
    return asyncio.run(resolver.addresses(host))


def test_an_answer_is_kept_until_its_time_to_live_is_over(server: NameServer) -> None:
    clock = Clock()
    resolver = Resolver(by_dns(port=server.port), clock=clock)
    assert resolve(resolver) == ["127.0.0.1", "127.0.0.2"]
    server.addresses = ["127.0.0.3"]
    clock.now += 59.9
    assert resolve(resolver) == ["127.0.0.1", "127.0.0.2"]
    clock.now += 0.2
    assert resolve(resolver) == ["127.0.0.3"]
    assert server.questions == [NAME + b"\x00\x01\x00\x01"] * 2


def test_each_resolver_forgets_on_its_own(server: NameServer) -> None:
    clock = Clock()
    early, late = (Resolver(by_dns(port=server.port), clock=clock) for _ in range(2))
    resolve(early)
    clock.now += 30
    resolve(late)
    server.addresses = ["127.0.0.3"]
    clock.now += 40
    assert resolve(early) == ["127.0.0.3"]
    assert resolve(late) == ["127.0.0.1", "127.0.0.2"]


def test_a_time_to_live_of_nothing_is_not_kept(server: NameServer) -> None:
    server.ttl = 0
    resolver = Resolver(by_dns(port=server.port), clock=Clock())
    resolve(resolver)
    resolve(resolver)
    assert len(server.questions) == 2


def test_an_unknown_name_is_told_and_asked_for_again(server: NameServer) -> None:
    resolver = Resolver(by_dns(port=server.port), clock=Clock())
    server.code, server.addresses = 3, []
    with pytest.raises(NoAddress, match="code 3"):
        resolve(resolver)
    server.code, server.addresses = 0, ["127.0.0.1"]
    assert resolve(resolver) == ["127.0.0.1"]


def test_an_answer_to_another_question_is_not_believed(server: NameServer) -> None:
    server.stray = True
    assert resolve(Resolver(by_dns(port=server.port))) == ["127.0.0.1", "127.0.0.2"]


def test_where_nobody_answers_there_is_no_address() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    with pytest.raises(NoAddress, match="no answer"):
        resolve(Resolver(by_dns(port=port)))


def test_names_before_an_address_are_passed_over() -> None:
    alias = NAME + struct.pack("!HHIH", 5, 1, 10, 6) + b"\x03web\xc0\x0c"
    address = b"\xc0\x1f" + struct.pack("!HHIH", 1, 1, 30, 4) + socket.inet_aton("10.0.0.7")
    assert read(struct.pack("!6H", 1, 0x8400, 0, 2, 0, 0) + alias + address) == (["10.0.0.7"], 30)


def test_a_fixed_address_is_that_of_every_host() -> None:
    assert asyncio.run(Fixed("127.0.0.9").addresses("any.test")) == ["127.0.0.9"]
