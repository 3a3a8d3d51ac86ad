"""Methods about the methods, and those that need no account."""

from typing import Any

from apps.mywordpress.rpc.asked import Asked
from apps.mywordpress.rpc.faults import Fault

NOT_PINGABLE = 33
ABOUT = {
    "xmlrpc": ("http://www.xmlrpc.com/spec", 1),
    "faults_interop": ("http://xmlrpc-epi.sourceforge.net/specs/rfc.fault_codes.php", 20010516),
    "system.multicall": ("http://www.xmlrpc.com/discuss/msgReader$1208", 1),
}


def capabilities(asked: Asked) -> dict[str, Any]:
    return {name: {"specUrl": url, "specVersion": version} for name, (url, version) in ABOUT.items()}


def names(asked: Asked) -> list[str]:
    from apps.mywordpress.rpc.methods import METHODS, MULTICALL

    return [*METHODS, MULTICALL]


def hello(asked: Asked) -> str:
    return "Hello!"


def add(asked: Asked, first: int, second: int) -> int:
    return first + second


def ping(asked: Asked, source: str, target: str) -> str:
    """This site asks no other site for its pages, so it cannot tell whether one links here."""
    raise Fault(NOT_PINGABLE, "Pingbacks are not supported: the target cannot be used as one.")
