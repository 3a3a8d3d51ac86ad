"""Which instance this is: from EC2's metadata service, else from settings and the machine's own name."""

import logging
import os
import socket
import threading
import time
from dataclasses import dataclass
from math import inf

from apps.chassis.settings import Settings

TIMEOUT_SECONDS = 1.0
ANSWER_LIVES_SECONDS = 10.0
NO_ADDRESS = "none"
# The region and the zone of what is no cloud's instance.
UNKNOWN = "local"
FACTS = {
    "instance_id": "instance-id",
    "availability_zone": "placement/availability-zone",
    "region": "placement/region",
    "private_ip": "local-ipv4",
    "public_ip": "public-ipv4",
}

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Identity:
    """Facts about this instance; each is filled in when it becomes known, and none is waited for."""

    instance_id: str
    availability_zone: str
    region: str
    private_ip: str
    public_ip: str
    source: str
    asked_at: float = -inf

    @classmethod
    def of_settings(cls, settings: Settings) -> "Identity":
        """What is known at once."""
        host = socket.gethostname()
        return cls(
            instance_id=_plain(settings.instance_id or host),
            availability_zone=_plain(settings.availability_zone or UNKNOWN),
            region=_plain(settings.region or UNKNOWN),
            private_ip=settings.private_ip or _own_address(),
            public_ip=settings.public_ip or NO_ADDRESS,
            source="settings" if settings.instance_id else "hostname",
        )

    def look_up(self, endpoint: str | None) -> None:
        """Ask the metadata service in a thread of its own, so that no request ever waits for it.

        Nothing is asked again within ten seconds, however many want to know.
        """
        if endpoint and time.monotonic() - self.asked_at > ANSWER_LIVES_SECONDS:
            self.asked_at = time.monotonic()
            threading.Thread(target=self.read_metadata, args=(endpoint,), name="identity", daemon=True).start()

    def read_metadata(self, endpoint: str) -> None:
        """Fill in what the service knows; an instance without it keeps what it has."""
        try:
            facts = _ask(endpoint)
        except (OSError, ValueError) as error:
            log.info("no instance metadata at %s: %s", endpoint, error)
            return
        for name, value in facts.items():
            setattr(self, name, _plain(value))
        self.source = "metadata"

    def as_dict(self) -> dict[str, str | int]:
        """The answer of /whoami."""
        return {
            "instance_id": self.instance_id,
            "availability_zone": self.availability_zone,
            "region": self.region,
            "private_ip": self.private_ip,
            "public_ip": self.public_ip,
            "source": self.source,
            "process": os.getpid(),
        }


def _ask(endpoint: str) -> dict[str, str]:
    from urllib.error import HTTPError, URLError
    from urllib.request import ProxyHandler, Request, build_opener

    # An HTTP proxy of the environment must never see the token.
    opener = build_opener(ProxyHandler({}))
    wanted = Request(  # noqa: S310
        f"{endpoint}/latest/api/token", method="PUT", headers={"X-aws-ec2-metadata-token-ttl-seconds": "300"}
    )
    with opener.open(wanted, timeout=TIMEOUT_SECONDS) as answer:
        token = answer.read(1024).decode("ascii")
    # A public address may be given to an instance that runs, and taken from it: an Elastic IP comes and goes.
    facts = {"public_ip": NO_ADDRESS}
    for name, path in FACTS.items():
        request = Request(f"{endpoint}/latest/meta-data/{path}", headers={"X-aws-ec2-metadata-token": token})  # noqa: S310
        try:
            with opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
                facts[name] = answer.read(256).decode("ascii").strip()
        except HTTPError as error:
            # 404 is an answer: an instance in a private subnet has no public address.
            if error.code != 404:
                raise URLError(f"status {error.code} for {path}") from error
    return facts


def _plain(value: str) -> str:
    """Only what may stand in a header's quoted text."""
    return "".join(c for c in value if c.isascii() and c.isprintable() and c not in '"\\')[:100]


def _own_address() -> str:
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            # Connecting a datagram socket sends nothing; it only chooses the address that packets would leave from.
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
    except OSError:
        return "127.0.0.1"
