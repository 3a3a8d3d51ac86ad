"""Asking for the time: of a real chronyd, and of servers that must not be believed."""

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from apps.whatisthetime import accuracy, ntp
from tests.services.chrony import Chrony

EPOCH = 2_208_988_800
NEW_ERA = 2**32 - EPOCH
Answers = Callable[[bytes], list[bytes]]
Serve = Callable[[Answers], tuple[str, int]]


def stamp(unix: float) -> bytes:
    return int((unix + EPOCH) * 2**32 % 2**64).to_bytes(8, "big")


def answer(question: bytes, *, first: int = 4 << 3 | 4, stratum: int = 2, **fields: bytes) -> bytes:
    """What a good server says, except for what is given."""
    now = stamp(time.time())
    parts = {"delay": bytes(4), "dispersion": bytes(4), "reference": b"GPS\0", "updated": now}
    parts |= {"origin": question[40:48], "received": now, "sent": now, **fields}
    return struct.pack(">BBbb", first, stratum, 6, -20) + b"".join(parts.values())


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts a server that answers each question as it is told, until the test ends."""
    running: list[tuple[socket.socket, threading.Thread]] = []

    def serve(answers: Answers) -> tuple[str, int]:
        listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        listener.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=reply, args=(listener, answers))
        thread.start()
        running.append((listener, thread))
        host, port = listener.getsockname()
        return host, port

    yield serve
    for listener, thread in running:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", listener.getsockname())
        thread.join()
        listener.close()


def reply(listener: socket.socket, answers: Answers) -> None:
    while True:
        question, asker = listener.recvfrom(1024)
        if not question:
            return
        for packet in answers(question):
            listener.sendto(packet, asker)


def refusal(server: tuple[str, int]) -> ntp.Unusable:
    with pytest.raises(ntp.Unusable) as caught:
        ntp.measure(server)
    return caught.value


def test_the_clock_of_this_machine_agrees_with_a_server_on_it(chrony: Chrony) -> None:
    found = accuracy.of(ntp.measure(chrony.server))
    assert abs(found.offset) <= found.bound < 0.5
    assert 0 <= found.age < 1


@pytest.mark.parametrize("seconds", [100, -7200])
def test_a_wrong_clock_is_found_to_be_as_wrong_as_it_is(chrony: Chrony, seconds: float) -> None:
    shifted = chrony.shift(seconds)
    found = accuracy.of(ntp.measure(chrony.server))
    # The server tells its shift to a hundredth of a second only.
    assert found.offset == pytest.approx(shifted, abs=found.bound + 0.006)
    assert str(found).startswith(f"{abs(found.offset):.6f} s {'behind' if seconds > 0 else 'ahead'}")


def test_a_server_that_knows_no_time_is_not_believed(chrony: Chrony) -> None:
    lost = Chrony(unsynchronised=True)
    try:
        lost.start()
        assert str(refusal(lost.server)) == "the server is not synchronised itself"
    finally:
        lost.stop()


def test_a_server_that_hangs_costs_a_second(chrony: Chrony, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ntp, "ANSWER_SECONDS", 0.1)
    chrony.pause()
    began = time.monotonic()
    assert str(refusal(chrony.server)) == "no answer"
    assert 0.1 <= time.monotonic() - began < 1


def test_nobody_there_is_told_at_once(chrony: Chrony) -> None:
    chrony.stop()
    assert str(refusal(chrony.server)) == "Connection refused"


@pytest.mark.parametrize("name", ["nowhere.invalid", "n" * 70 + ".invalid"])
def test_a_name_that_nobody_has_is_told(name: str) -> None:
    assert str(refusal((name, 123)))


def test_the_question_tells_nothing_of_us(serve: Serve) -> None:
    questions: list[bytes] = []

    def answers(question: bytes) -> list[bytes]:
        questions.append(question)
        return [answer(question)]

    ntp.measure(serve(answers))
    assert {question[:40] for question in questions} == {bytes([0x23]) + bytes(39)}
    assert len({question[40:] for question in questions}) == ntp.SAMPLES


def test_an_answer_to_another_question_is_passed_over(serve: Serve) -> None:
    wrong = stamp(time.time() + 1000)

    def answers(question: bytes) -> list[bytes]:
        forged = answer(question, origin=b"guessed!", received=wrong, sent=wrong)
        return [b"short", forged, answer(question)[:47], answer(question, first=4 << 3 | 3), answer(question)]

    assert abs(accuracy.of(ntp.measure(serve(answers))).offset) < 1


def test_only_forged_answers_are_no_answer(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ntp, "ANSWER_SECONDS", 0.1)
    assert str(refusal(serve(lambda question: [answer(question, origin=b"guessed!")]))) == "no answer"


@pytest.mark.parametrize(("code", "forbidden"), [("RATE", False), ("DENY", True), ("RSTR", True)])
def test_a_kiss_of_death_is_heard(serve: Serve, code: str, forbidden: bool) -> None:
    asked: list[bytes] = []

    def answers(question: bytes) -> list[bytes]:
        asked.append(question)
        return [answer(question, first=3 << 6 | 4 << 3 | 4, stratum=0, reference=code.encode())]

    kiss = refusal(serve(answers))
    assert isinstance(kiss, ntp.Kiss)
    assert (kiss.forbidden, len(asked)) == (forbidden, 1)
    assert code in str(kiss)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"first": 3 << 6 | 4 << 3 | 4}, "the server is not synchronised itself"),
        ({"stratum": 0, "reference": bytes(4)}, "the server is not synchronised itself"),
        ({"stratum": 16}, "the server is not synchronised itself"),
        ({"dispersion": struct.pack(">I", 2 << 16)}, "the server is unsure by 2.0 s"),
        ({"delay": struct.pack(">i", 4 << 16)}, "the server is unsure by 2.0 s"),
        ({"sent": bytes(8)}, "the server's times are impossible"),
        ({"received": stamp(2_000_000_001), "sent": stamp(2_000_000_000)}, "the server's times are impossible"),
        ({"received": stamp(2_000_000_000), "sent": stamp(2_000_000_009)}, "the server's times are impossible"),
    ],
)
def test_what_cannot_be_is_not_believed(serve: Serve, changed: dict[str, bytes], reason: str) -> None:
    assert str(refusal(serve(lambda question: [answer(question, **changed)]))) == reason  # type: ignore[arg-type]


def test_the_answer_that_came_soonest_is_kept(serve: Serve) -> None:
    turns = iter([0.25, 0.0, 0.25, 0.25])

    def answers(question: bytes) -> list[bytes]:
        packet = answer(question)
        time.sleep(next(turns))
        return [packet]

    assert ntp.measure(serve(answers)).bound < 0.1


def test_what_the_server_is_unsure_by_is_part_of_the_bound(serve: Serve) -> None:
    unsure = struct.pack(">I", 1 << 15)
    assert ntp.measure(serve(lambda question: [answer(question, dispersion=unsure)])).bound >= 0.5


@pytest.mark.parametrize("unix", [1_800_000_000.25, NEW_ERA - 0.5, NEW_ERA + 0.5, NEW_ERA + 1_000_000_000.0])
def test_times_are_read_across_the_end_of_an_era(unix: float) -> None:
    question = bytes(40) + b"question"
    packet = answer(question, received=stamp(unix), sent=stamp(unix))
    assert ntp.parse(packet, unix + 3600).sent == pytest.approx(unix, abs=1e-6)
    assert ntp.parse(packet, unix - 3600).sent == pytest.approx(unix, abs=1e-6)
