"""All that the shop knows of one person: told to them, and forgotten, on request.

A noun that knows something registers here, in a module `personal` of its own: `@tells("orders")`, `@forgets`.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from apps.chassis.columns import now
from apps.myclothes.accounts.addresses import SavedAddress
from apps.myclothes.accounts.audits import AuditEntry
from apps.myclothes.accounts.models import Customer
from apps.myclothes.letters.models import NOWHERE, Letter

Teller = Callable[[Session, Customer], Any]
Forgetter = Callable[[Session, Customer], None]
T = TypeVar("T", bound=Teller)
F = TypeVar("F", bound=Forgetter)

_tellers: dict[str, Teller] = {}
_forgetters: list[Forgetter] = []


class StillNeeded(Exception):
    """Something of this person cannot be forgotten yet; the text, marked by `later`, says what."""


def tells(name: str) -> Callable[[T], T]:
    """Register what a noun knows of a customer: a JSON value under this name."""

    def register(teller: T) -> T:
        _tellers[name] = teller
        return teller

    return register


def forgets(forgetter: F) -> F:
    """Register how a noun forgets a customer, in the transaction that erases them; it may raise StillNeeded.

    It is called while the customer's row still holds their e-mail address; `erased_address` is what stands in for it.
    """
    _forgetters.append(forgetter)
    return forgetter


def everything_about(db: Session, customer: Customer) -> dict[str, Any]:
    """What the shop knows of a customer, for them to keep."""
    return {name: tell(db, customer) for name, tell in _tellers.items()}


def erased_address(customer: Customer) -> str:
    """What stands where the customer's e-mail address stood; no mail can go there."""
    return f"erased-{customer.id}@{NOWHERE}"


def erase(db: Session, customer: Customer) -> None:
    """Forget who this was, for good; what the books need stays, without them. Raises StillNeeded and keeps all then.

    The row stays so that nobody else is taken for them. No password signs anybody in there any more.
    """
    for forget in _forgetters:
        forget(db, customer)
    customer.email, customer.name, customer.password_hash = erased_address(customer), "", ""
    customer.totp_secret, customer.recovery_codes = None, ""
    customer.erased_at = now()
    db.flush()


@tells("account")
def tell_account(db: Session, customer: Customer) -> dict[str, Any]:
    return {
        "email": customer.email,
        "name": customer.name,
        "language": customer.language,
        "role": customer.role,
        "created_at": customer.created_at.isoformat(),
        "email_confirmed_at": customer.confirmed_at.isoformat() if customer.confirmed_at else None,
        "second_factor": customer.has_second_factor,
    }


@tells("addresses")
def tell_addresses(db: Session, customer: Customer) -> list[dict[str, str]]:
    fields = ("name", "street", "extra", "postal_code", "city", "country")
    return [{name: getattr(saved, name) for name in fields} for saved in SavedAddress.of(db, customer)]


@tells("letters")
def tell_letters(db: Session, customer: Customer) -> list[dict[str, Any]]:
    letters = db.scalars(select(Letter).where(Letter.recipient == customer.email).order_by(Letter.id))
    return [{"kind": letter.kind, "owed_at": letter.created_at.isoformat()} for letter in letters]


@tells("work")
def tell_work(db: Session, customer: Customer) -> list[dict[str, Any]]:
    """What they did for the shop, if they look after it."""
    entries = db.scalars(select(AuditEntry).where(AuditEntry.actor_id == customer.id).order_by(AuditEntry.id))
    return [{"at": entry.at.isoformat(), "action": entry.action, "subject": entry.subject} for entry in entries]


@forgets
def forget_account(db: Session, customer: Customer) -> None:
    stand_in = erased_address(customer)
    db.execute(delete(SavedAddress).where(SavedAddress.customer_id == customer.id))
    db.execute(update(AuditEntry).where(AuditEntry.actor_id == customer.id).values(actor=stand_in, remote_address=""))
    unsent = (Letter.recipient == customer.email, Letter.sent_at.is_(None))
    db.execute(update(Letter).where(*unsent).values(refused_at=func.coalesce(Letter.refused_at, now())))
    db.execute(update(Letter).where(Letter.recipient == customer.email).values(recipient=stand_in, facts="{}"))
