"""The gateway's notifications: signed, so that nobody else can tell the shop that it was paid."""

import hashlib
import hmac
import json
import time
from collections.abc import Sequence

from apps.myclothes.payments.gateway import Entry
from apps.myclothes.payments.models import Outcome

HEADER = "Gateway-Signature"
MAX_BYTES = 4096
MAX_AGE_SECONDS = 24 * 3600
MAX_CENTS = 2**31 - 1
LONGEST_TEXT = {"key": 64, "reference": 64, "currency": 3, "reason": 200}
DIGITS = 12


class BadSignature(Exception):
    """Nobody who has the secret has sent this, or so long ago that it should not be sent any more."""


class BadNotice(ValueError):
    """This is signed, and yet no notification."""


def encode(entry: Entry) -> bytes:
    """A notification's body: what the gateway has in its book."""
    return json.dumps({name: getattr(entry, name) for name in Entry.__slots__}).encode()


def sign(body: bytes, secret_key: str, moment: float | None = None) -> str:
    """The header that goes with the body: when it was signed, and the proof."""
    stamp = str(int(time.time() if moment is None else moment))
    return f"{stamp}.{_proof(body, stamp, secret_key)}"


def read(body: bytes, signature: str, secret_keys: Sequence[str]) -> Entry:
    """What was sent; raises BadSignature or BadNotice."""
    stamp, _, proof = signature.partition(".")
    if not any(hmac.compare_digest(proof.encode(), _proof(body, stamp, key).encode()) for key in secret_keys):
        raise BadSignature("the signature does not fit")
    if not (stamp.isascii() and stamp.isdecimal() and len(stamp) < DIGITS) or _age(stamp) > MAX_AGE_SECONDS:
        raise BadSignature("the signature is too old")
    return _entry(body)


def _age(stamp: str) -> float:
    return time.time() - int(stamp)


def _proof(body: bytes, stamp: str, secret_key: str) -> str:
    # A key of its own, so that no signature made for something else is worth anything here.
    own = hashlib.sha256(f"payments/notifications/{secret_key}".encode()).digest()
    return hmac.new(own, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _entry(body: bytes) -> Entry:
    try:
        fields = json.loads(body)
        entry = Entry(**fields | {"outcome": Outcome(fields["outcome"])})
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise BadNotice("a notification is an object of key, reference, amount_cents, currency and outcome") from error
    if type(entry.amount_cents) is not int or not 0 < entry.amount_cents <= MAX_CENTS:
        raise BadNotice("amount_cents is a whole number above zero")
    for name, longest in LONGEST_TEXT.items():
        text = getattr(entry, name)
        # Half a letter, as JSON can write one, is nothing that a database takes.
        if not isinstance(text, str) or len(text) > longest or text.encode(errors="ignore").decode() != text:
            raise BadNotice(f"{name} is a text of at most {longest} characters")
    return entry
