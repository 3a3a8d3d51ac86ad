"""What is written to people about their orders."""

from email.message import EmailMessage

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from apps.chassis.languages import gettext as _
from apps.chassis.letters.writing import link
from apps.chassis.settings import Settings
from apps.myclothes.letters.models import Letter
from apps.myclothes.letters.writing import compose, writes
from apps.myclothes.orders.links import path_of
from apps.myclothes.orders.models import Order


@writes("receipt")
def receipt(db: Session, letter: Letter, settings: Settings) -> EmailMessage:
    """What was ordered, where it goes and what it costs."""
    return _about_order(db, letter, settings, _("Your order %(number)s", number=letter.about))


@writes("shipped")
def shipped(db: Session, letter: Letter, settings: Settings) -> EmailMessage:
    """That the order is on its way, and in which parcel."""
    return _about_order(db, letter, settings, _("Your order %(number)s is on its way", number=letter.about))


@writes("cancelled")
def cancelled(db: Session, letter: Letter, settings: Settings) -> EmailMessage:
    """That the order has ended, and whether for want of payment."""
    subject = _("Your order %(number)s is cancelled", number=letter.about)
    return _about_order(db, letter, settings, subject, late=bool(letter.fact("late")))


def _about_order(db: Session, letter: Letter, settings: Settings, subject: str, **context: object) -> EmailMessage:
    order = db.scalars(select(Order).where(Order.number == letter.about).options(selectinload(Order.lines))).one()
    address = link(letter, settings, path_of(settings, order))
    return compose(letter, settings, letter.kind, subject, order=order, link=address, **context)
