"""Reading addresses that people write: URLs, origins, and hosts with a port."""

import ipaddress
from urllib.parse import SplitResult, urlsplit


def split(url: str) -> SplitResult | None:
    """The parts of a URL, or None for what is none."""
    try:
        parts = urlsplit(url)
        # Reading the port is what finds out whether it is one.
        return parts if parts.port is None or parts.port else None
    except ValueError:
        return None


def origin(parts: SplitResult) -> str:
    """As browsers write it: lower case, and no port that the scheme has anyway."""
    usual = {"http": 80, "https": 443}[parts.scheme]
    name = parts.hostname or ""
    host = f"[{name}]" if ":" in name else name
    return f"{parts.scheme}://{host}" if parts.port in (None, usual) else f"{parts.scheme}://{host}:{parts.port}"


def host_and_port(text: str, port: int) -> tuple[str, int] | None:
    """Read `host`, `host:port`, `[address]:port` or a bare IPv6 address; None for what is neither."""
    bare = text.count(":") > 1 and not text.startswith("[")
    parts = split(f"//[{text}]" if bare else f"//{text}")
    if parts is None or not parts.hostname or parts.netloc.rpartition("@")[1] or parts.path or parts.query:
        return None
    return parts.hostname, parts.port or port


def is_complete(scheme: str, url: str) -> bool:
    """Whether a URL says more than its scheme, where its scheme asks for more."""
    rest = url.partition(":")[2]
    return not rest if scheme in ("cookie", "memory", "null") else len(rest) > 3


def is_private(host: str) -> bool:
    """Whether this is an address that strangers cannot reach."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return (address.is_loopback or address.is_private) and not address.is_unspecified
