"""Keys to the pages of orders, for guests: a signature that nobody makes but us, and no table to keep."""

import hashlib

from itsdangerous import Signer

from apps.chassis.settings import Settings
from apps.myclothes.orders.models import Order


def key_of(settings: Settings, number: str) -> str:
    """What opens the page of the order of this number."""
    return _signer(settings).get_signature(number).decode()


def is_key(settings: Settings, number: str, key: str) -> bool:
    """Whether it opens that page; so do keys made with a secret key that has been replaced but still verifies."""
    # Whoever types into an address bar may type anything; a signature is ASCII.
    return key.isascii() and _signer(settings).verify_signature(number.encode(), key)


def path_of(settings: Settings, order: Order) -> str:
    """The path of the order's page, for a letter: with the key if a guest gets it; customers sign in."""
    path = f"/orders/{order.number}"
    return path if order.customer_id is not None else f"{path}?key={key_of(settings, order.number)}"


def _signer(settings: Settings) -> Signer:
    # Oldest first: the last one signs, all of them verify.
    return Signer(list(reversed(settings.secret_keys)), salt="orders.key", digest_method=hashlib.sha256)
