"""The address that the sites know as their writer, whoever that is."""

from collections.abc import Callable
from typing import Protocol
from urllib.parse import urlsplit

from failover.announcer import Announcer
from failover.relay import Relay
from failover.settings import Address, WrongSetting


class Endpoint(Protocol):
    """Leads to one server at a time."""

    def point_at(self, server: Address | None) -> None:
        """Lead to this server from now on, or to none; whoever is connected to another one is cut off."""

    def close(self) -> None:
        """Lead nowhere for good."""


SCHEMES: dict[str, Callable[[str], Endpoint]] = {"relay": Relay.from_url, "announce": Announcer.from_url}


def open_endpoint(url: str) -> Endpoint:
    """The endpoint of a URL such as relay://127.0.0.1:3310, leading nowhere yet; raises WrongSetting.

    relay:// leads there itself; announce:// tells the relays that run elsewhere where they are to lead.
    """
    make = SCHEMES.get(urlsplit(url).scheme)
    if make is None:
        raise WrongSetting(f"FAILOVER_ENDPOINT takes a URL that begins with {', '.join(SCHEMES)}")
    return make(url)
