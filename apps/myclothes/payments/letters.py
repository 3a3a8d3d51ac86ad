"""What is written about money: to customers when it went back, and daily to those who look after the shop."""

from datetime import date
from email.message import EmailMessage

from sqlalchemy import select
from sqlalchemy.orm import Session

from apps.chassis.formats import format_date
from apps.chassis.languages import gettext as _
from apps.chassis.languages import ngettext, translated
from apps.chassis.letters.writing import link
from apps.chassis.settings import Settings
from apps.myclothes.letters.models import Letter
from apps.myclothes.letters.writing import compose, writes
from apps.myclothes.money import money
from apps.myclothes.orders.models import Order
from apps.myclothes.payments.models import Refund
from apps.myclothes.payments.reports import DayOfSales


@writes("refunded")
def refunded(db: Session, letter: Letter, settings: Settings) -> EmailMessage:
    """How much went back, and why."""
    refund = db.scalars(select(Refund).where(Refund.key == letter.about)).one()
    order = db.get_one(Order, refund.order_id)
    subject = _(
        "%(sum)s of your order %(number)s went back to you",
        sum=money(refund.amount_cents, order.currency),
        number=order.number,
    )
    return compose(letter, settings, "refunded", subject, order=order, refund=refund, reason=translated(refund.reason))


@writes("sales")
def sales(db: Session, letter: Letter, settings: Settings) -> EmailMessage:
    """A day's sales."""
    day = date.fromisoformat(letter.fact("day"))
    subject = _("Sales of %(day)s", day=format_date(day))
    figures = DayOfSales.of(db, day)
    return compose(letter, settings, "sales", subject, sales=figures, link=link(letter, settings, "/admin"))


@writes("low-stock")
def low_stock(db: Session, letter: Letter, settings: Settings) -> EmailMessage:
    """What is running low, as it was when the letter was owed."""
    low = letter.fact("low")
    subject = ngettext("%(num)d piece is running low", "%(num)d pieces are running low", len(low))
    return compose(letter, settings, "low_stock", subject, low=low, link=link(letter, settings, "/admin"))
