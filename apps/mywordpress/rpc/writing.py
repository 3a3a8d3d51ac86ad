"""Answers as clients read them."""

import xmlrpc.client
from datetime import datetime
from typing import Any
from xmlrpc.client import MAXINT, MININT

from apps.mywordpress.posts.rendering import UNWRITABLE
from apps.mywordpress.rpc.faults import Fault


def answered(value: Any) -> bytes:
    """A value as the answer to a call."""
    return xmlrpc.client.dumps((_plain(value),), methodresponse=True).encode()


def refused(fault: Fault) -> bytes:
    """Why there is none."""
    told = xmlrpc.client.Fault(fault.code, _plain(fault.text))
    return xmlrpc.client.dumps(told, methodresponse=True).encode()


def _plain(value: Any) -> Any:
    """In types that XML-RPC knows: an int that is too large for it becomes a string, what is unset an empty one."""
    if isinstance(value, dict):
        return {UNWRITABLE.sub("", str(name)): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, bool | float | datetime):
        return value
    if isinstance(value, int):
        return value if MININT <= value <= MAXINT else str(value)
    return UNWRITABLE.sub("", str("" if value is None else value))
