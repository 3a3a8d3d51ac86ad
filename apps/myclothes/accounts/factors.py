"""The second factor: codes of six digits by RFC 6238, from a secret that an app on somebody's phone shares with us."""

import hmac
import secrets
import time
from base64 import b32decode, b32encode, urlsafe_b64encode
from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sqlalchemy import update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from apps.chassis.settings import Settings
from apps.myclothes.accounts.models import Customer

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet

ISSUER = "MyClothes"
STEP_SECONDS = 30
DIGITS = 6
# A phone's clock may be a step off, and a step may end while somebody types.
TOLERATED_STEPS = (0, -1, 1)
RECOVERY_CODES = 8
# Without letters and digits that are mistaken for one another.
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
CODE_GROUPS, GROUP_LETTERS = 4, 4


def new_secret() -> str:
    """160 random bits in base32, as apps take them typed by hand."""
    return b32encode(secrets.token_bytes(20)).decode()


def address(secret: str, email: str) -> str:
    """What a QR code tells an app."""
    label = quote(f"{ISSUER}:{email}", safe="")
    return (
        f"otpauth://totp/{label}?secret={secret}&issuer={ISSUER}&algorithm=SHA1&digits={DIGITS}&period={STEP_SECONDS}"
    )


def code_at(secret: str, step: int) -> str:
    """The code of one step of time."""
    digest = hmac.digest(b32decode(secret), step.to_bytes(8, "big"), "sha1")
    offset = digest[-1] & 15
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def step_of(secret: str, code: str, moment: float | None = None) -> int | None:
    """The step of time that a code belongs to, if it is a code of now or about now."""
    typed = "".join(code.split())
    now = int((time.time() if moment is None else moment) // STEP_SECONDS)
    steps = (now + offset for offset in TOLERATED_STEPS)
    return next((step for step in steps if hmac.compare_digest(code_at(secret, step).encode(), typed.encode())), None)


def seal(settings: Settings, secret: str) -> str:
    """The secret as it is kept: nobody reads it without the site's key."""
    return _fernet(settings).encrypt(secret.encode()).decode()


def unseal(settings: Settings, sealed: str) -> str | None:
    """The secret; None if it was not sealed with a key of ours."""
    from cryptography.fernet import InvalidToken

    try:
        return _fernet(settings).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def set_up(db: Session, customer: Customer, sealed: str, step: int) -> list[str] | None:
    """Have the customer sign in with codes of this secret from the step after this one on.

    Answers new recovery codes, which nobody can be shown again; None if somebody else has set one up meanwhile.
    """
    codes = _new_codes()
    values = {"totp_secret": sealed, "totp_step": step, "recovery_codes": _hashes(codes)}
    return codes if _changed(db, customer, Customer.totp_secret.is_(None), **values) else None


def renew_codes(db: Session, customer: Customer) -> list[str]:
    """New recovery codes in place of all that there were."""
    codes = _new_codes()
    _changed(db, customer, Customer.totp_secret.is_not(None), recovery_codes=_hashes(codes))
    return codes


def take_down(db: Session, customer: Customer) -> None:
    """From now on the password is enough."""
    _changed(db, customer, totp_secret=None, recovery_codes="")


def accept(db: Session, settings: Settings, customer: Customer, code: str) -> bool:
    """Whether this is the customer's code of now or one of their recovery codes; no code is accepted twice."""
    secret = unseal(settings, customer.totp_secret) if customer.totp_secret else None
    step = step_of(secret, code) if secret else None
    if step is None:
        return _accept_recovery(db, customer, code)
    unused = (Customer.totp_step < step, Customer.totp_secret == customer.totp_secret)
    return _changed(db, customer, *unused, totp_step=step)


def codes_left(customer: Customer) -> int:
    """How many recovery codes were not used yet."""
    return len(customer.recovery_codes.split())


def _accept_recovery(db: Session, customer: Customer, code: str) -> bool:
    kept = customer.recovery_codes
    used = _hash(code)
    if used not in kept.split():
        return False
    left = " ".join(one for one in kept.split() if one != used)
    return _changed(db, customer, Customer.recovery_codes == kept, recovery_codes=left)


def _changed(db: Session, customer: Customer, *conditions: Any, **values: Any) -> bool:
    # Two requests may bring one code at once; the condition lets the database decide whose it is.
    changed = db.execute(update(Customer).where(Customer.id == customer.id, *conditions).values(**values))
    assert isinstance(changed, CursorResult)
    return changed.rowcount == 1


def _new_codes() -> list[str]:
    return ["-".join(_group() for _ in range(CODE_GROUPS)) for _ in range(RECOVERY_CODES)]


def _group() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(GROUP_LETTERS))


def _hashes(codes: Sequence[str]) -> str:
    return " ".join(_hash(code) for code in codes)


def _hash(code: str) -> str:
    # Nobody guesses 79 random bits, so unlike a password they need no slow hash.
    letters = "".join(letter for letter in code.lower() if letter.isalnum())
    return sha256(letters.encode()).hexdigest()[:32]


def _fernet(settings: Settings) -> "MultiFernet":
    from cryptography.fernet import Fernet, MultiFernet

    keys = (sha256(b"second factor\0" + key.encode()).digest() for key in settings.secret_keys)
    return MultiFernet([Fernet(urlsafe_b64encode(key)) for key in keys])
