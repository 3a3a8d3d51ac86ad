"""Asking an NTP server what time it is (SNTP, RFC 5905): measures this machine's clock and never sets it."""

import os
import socket
import struct
import time
from dataclasses import dataclass

SAMPLES = 4
ANSWER_SECONDS = 1.0
PAUSE_SECONDS = 0.05
# 1900 to 1970. Fields of 32 bits wrap around in 2036, so what they mean depends on roughly when it is.
EPOCH = 2_208_988_800
ERA = 2**32
PACKET = struct.Struct(">BBbb iI4s 8s8s8s8s")
CLIENT = 4 << 3 | 3
SERVER_MODE = 4
UNSYNCHRONISED = 3
# Farther from its source a server's word is worth nothing (RFC 5905: MAXDIST).
LARGEST_DISTANCE_SECONDS = 1.5


class Unusable(Exception):
    """The server cannot be reached, or what it answers must not be believed; the text says why."""


class Kiss(Unusable):
    """The server asks to be left alone; `forbidden` if for good, else it was asked too often."""

    def __init__(self, code: str) -> None:
        super().__init__(f"the server answers {code} (kiss of death)")
        self.forbidden = code in ("DENY", "RSTR")


@dataclass(frozen=True, slots=True)
class Sample:
    """What one answer told: at `monotonic` it was `true` (Unix seconds), give or take `bound` seconds."""

    true: float
    monotonic: float
    bound: float


@dataclass(frozen=True, slots=True)
class Answer:
    """The fields of a server's answer that are used; times are Unix seconds, `distance` is its own largest error."""

    received: float
    sent: float
    distance: float


def measure(server: tuple[str, int]) -> Sample:
    """Ask several times and keep the answer that leaves the least doubt. Raises Unusable if none can be believed."""
    try:
        with _connected(server) as asking:
            return _best(asking)
    except (OSError, UnicodeError) as error:
        raise Unusable(_reason(error)) from error


def parse(packet: bytes, about: float) -> Answer:
    """Read an answer to what was asked at `about` (Unix seconds). Raises Unusable for what must not be believed."""
    first, stratum, _, _, delay, dispersion, reference, _, _, received, sent = PACKET.unpack_from(packet)
    if stratum == 0 and reference.isalpha():
        raise Kiss(reference.decode("ascii"))
    if first >> 6 == UNSYNCHRONISED or not 0 < stratum < 16:
        raise Unusable("the server is not synchronised itself")
    # The delay is signed: a server that measured a tiny one may report it negative.
    distance = max(delay, 0) / 2**17 + dispersion / 2**16
    if distance > LARGEST_DISTANCE_SECONDS:
        raise Unusable(f"the server is unsure by {distance:.1f} s")
    answer = Answer(_unix(received, about), _unix(sent, about), distance)
    if sent == bytes(8) or answer.sent < answer.received:
        raise Unusable("the server's times are impossible")
    return answer


def _connected(server: tuple[str, int]) -> socket.socket:
    """A socket that hears nobody but the server."""
    family, kind, protocol, _, address = socket.getaddrinfo(*server, type=socket.SOCK_DGRAM)[0]
    made = socket.socket(family, kind, protocol)
    made.connect(address)
    return made


def _reason(error: OSError | UnicodeError) -> str:
    return (error.strerror if isinstance(error, OSError) else "no name of a host") or "no answer"


def _best(asking: socket.socket) -> Sample:
    """The best of some samples, or of those before the first that failed; raises what failed if that was the first."""
    samples: list[Sample] = []
    for turn in range(SAMPLES):
        time.sleep(PAUSE_SECONDS if turn else 0)
        try:
            samples.append(_ask(asking))
        except Kiss:
            raise
        except (Unusable, OSError):
            # Who did not answer is not asked again at once, or a silent server would hold us for seconds.
            if not samples:
                raise
            break
    return min(samples, key=lambda sample: sample.bound)


def _ask(asking: socket.socket) -> Sample:
    # A random number in place of our own time: only who saw the question can answer it, and it tells nothing of us.
    cookie = os.urandom(8)
    # In this order: whatever interrupts us here lengthens the round trip, so the bound covers it.
    began, about = time.monotonic(), time.time()
    asking.send(PACKET.pack(CLIENT, 0, 0, 0, 0, 0, bytes(4), bytes(8), bytes(8), bytes(8), cookie))
    packet = _receive(asking, cookie, began + ANSWER_SECONDS)
    elapsed = time.monotonic() - began
    answer = parse(packet, about)
    held = answer.sent - answer.received
    if held > elapsed:
        raise Unusable("the server's times are impossible")
    middle = (answer.received + answer.sent) / 2
    return Sample(middle, began + elapsed / 2, (elapsed - held) / 2 + answer.distance)


def _receive(asking: socket.socket, cookie: bytes, deadline: float) -> bytes:
    """The answer to the question with this cookie; others, such as late or forged ones, are passed over."""
    while (left := deadline - time.monotonic()) > 0:
        asking.settimeout(left)
        packet = asking.recv(1024)
        if len(packet) >= PACKET.size and packet[24:32] == cookie and packet[0] & 7 == SERVER_MODE:
            return packet
    raise Unusable("no answer")


def _unix(stamp: bytes, about: float) -> float:
    """An NTP time as Unix seconds, in the era that lies nearest to `about`."""
    seconds, fraction = struct.unpack(">II", stamp)
    unix: float = seconds - EPOCH + fraction / ERA
    return unix + ERA * round((about - unix) / ERA)
