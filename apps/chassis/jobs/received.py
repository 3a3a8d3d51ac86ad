"""A message as a queue hands it out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Attribute:
    """One message attribute; its type is SQS's: String, Number or Binary, perhaps with a suffix."""

    type: str
    value: str


@dataclass(frozen=True, slots=True)
class Received:
    """One delivery of a message. Times are seconds since 1970; the receipt belongs to this delivery alone."""

    id: str
    receipt: str
    body: str
    attributes: Mapping[str, Attribute]
    sender_id: str
    sent_at: float
    first_received_at: float
    receive_count: int


@dataclass(frozen=True, slots=True)
class Dead:
    """A message that was received too often without success, and how its last try failed, if the queue knows."""

    message: Received
    error: str | None
