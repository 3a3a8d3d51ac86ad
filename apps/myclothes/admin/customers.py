"""Customers as administrators see them, and their roles."""

from sqlalchemy import Select, or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from apps.myclothes.accounts.models import Customer, Role

ROLES = tuple(Role)


class LastAdministrator(Exception):
    """Nobody would be left who could give this role back."""


def search(text: str, role: str) -> Select[Customer]:
    """Customers by the beginning of their address or a part of their name, of one role or of all."""
    found = select(Customer)
    if text:
        begun = Customer.email.startswith(text.casefold(), autoescape=True)
        found = found.where(or_(begun, Customer.name.icontains(text, autoescape=True)))
    return found.where(Customer.role == role) if role in ROLES else found


def change_role(db: Session, customer: Customer, role: Role) -> bool:
    """Give a role; False if somebody changed it meanwhile. Raises LastAdministrator, and changes nothing."""
    had = customer.role
    if had == Role.ADMINISTRATOR and role != Role.ADMINISTRATOR:
        # Locked, all of them and in order, so that two who demote each other at once do not both succeed.
        there = select(Customer.id).where(Customer.role == Role.ADMINISTRATOR).order_by(Customer.id).with_for_update()
        if not set(db.scalars(there)) - {customer.id}:
            raise LastAdministrator(customer.email)
    ours = update(Customer).where(Customer.id == customer.id, Customer.role == had).values(role=role)
    done = db.execute(ours, execution_options={"synchronize_session": False})
    assert isinstance(done, CursorResult)
    db.expire(customer, ["role"])
    return bool(done.rowcount == 1)
