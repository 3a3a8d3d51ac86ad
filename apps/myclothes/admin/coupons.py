"""Keeping coupons: made, withdrawn, and how often each was used."""

from typing import Any

from sqlalchemy import update
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from wtforms import IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import (
    DataRequired,
    InputRequired,
    NumberRange,
    Optional,
    Regexp,
    StopValidation,
    ValidationError,
)

from apps.chassis.columns import now
from apps.chassis.forms import Longest, SpokenForm
from apps.chassis.languages import later
from apps.myclothes.admin.forms import CentsField, MomentField
from apps.myclothes.orders.coupons import LONGEST_CODE, Coupon, Kind, normal_code

MOST_USES = NumberRange(1, 1_000_000, message=later("Please write a number of uses."))
CODE = Regexp(r"[A-Z0-9][A-Z0-9-]*\Z", message=later("Letters, digits and hyphens only, please."))
KINDS = ((Kind.PERCENT, later("Per cent")), (Kind.FIXED, later("Amount")))


class CodeTaken(Exception):
    """Another coupon has this code, withdrawn or not."""


def _spelt(text: str | None) -> str:
    return normal_code(text or "")


def _for_percent(form: Any, field: IntegerField) -> None:
    """Asked for only where it counts."""
    if form.kind.data != Kind.PERCENT:
        field.errors = []
        raise StopValidation
    if field.data is None:
        field.errors = []
        raise StopValidation(later("From 1 to 100, please."))


class CouponForm(SpokenForm):
    """A new coupon. Once it may be in somebody's hands it is not changed any more, only withdrawn."""

    code = StringField(
        later("Code"), [DataRequired(later("Please enter a code.")), Longest(LONGEST_CODE), CODE], [_spelt]
    )
    kind = SelectField(later("Kind"), choices=[SelectChoice(*each) for each in KINDS], validators=[InputRequired()])
    percent = IntegerField(
        later("Per cent off"), [_for_percent, NumberRange(1, 100, message=later("From 1 to 100, please."))]
    )
    amount = CentsField(later("Amount off"))
    minimum = CentsField(later("For goods worth at least"))
    starts = MomentField(later("Holds from (UTC)"))
    ends = MomentField(later("Holds until (UTC)"))
    most_uses = IntegerField(later("Uses in all"), [Optional(), MOST_USES])
    most_uses_each = IntegerField(later("Uses by each customer"), [Optional(), MOST_USES])

    def validate_amount(self, field: CentsField) -> None:
        if self.kind.data == Kind.FIXED and not field.data:
            raise ValidationError(later("Please write an amount such as 119.00."))

    def validate_ends(self, field: MomentField) -> None:
        if field.moment and self.starts.moment and field.moment <= self.starts.moment:
            raise ValidationError(later("A coupon ends after it has begun."))

    def values(self) -> dict[str, Any]:
        """The coupon's columns, of a form that is valid."""
        return {
            "code": self.code.data,
            "kind": self.kind.data,
            "amount": self.percent.data if self.kind.data == Kind.PERCENT else self.amount.data,
            "minimum_cents": self.minimum.data or 0,
            "starts_at": self.starts.moment,
            "ends_at": self.ends.moment,
            "most_uses": self.most_uses.data,
            "most_uses_each": self.most_uses_each.data,
        }


def create(db: Session, values: dict[str, Any]) -> Coupon:
    """A new coupon; raises CodeTaken."""
    coupon = Coupon(used=0, created_at=now(), **values)
    try:
        with db.begin_nested():
            db.add(coupon)
    except IntegrityError:
        raise CodeTaken(values["code"]) from None
    return coupon


def withdraw(db: Session, coupon_id: int) -> bool:
    """Let nobody use it from now on; False if it was withdrawn before. Orders that used it keep what they cost."""
    held = update(Coupon).where(Coupon.id == coupon_id, Coupon.withdrawn_at.is_(None)).values(withdrawn_at=now())
    done = db.execute(held, execution_options={"synchronize_session": False})
    assert isinstance(done, CursorResult)
    return bool(done.rowcount == 1)
