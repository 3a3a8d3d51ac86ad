"""What is written to people about their accounts."""

from email.message import EmailMessage

from sqlalchemy.orm import Session

from apps.chassis.accounts import letters as common
from apps.chassis.accounts.letters import AccountLetters
from apps.chassis.languages import gettext as _
from apps.chassis.letters.writing import Moot
from apps.chassis.proofs import Purpose
from apps.chassis.settings import Settings
from apps.myclothes.accounts.models import Customer
from apps.myclothes.letters.models import Letter
from apps.myclothes.letters.writing import letters, writes

CONFIRMATION = "confirmation"
CONFIRMING = Purpose(CONFIRMATION, 72, outlives_password=True)
PASSING = (CONFIRMATION, *common.PASSING)

account_letters = AccountLetters(letters, Letter, Customer)


def owe_confirmation(db: Session, customer: Customer, origin: str) -> None:
    """Ask the customer, at their address, whether it is theirs. `origin` is where links lead if no setting says so."""
    account_letters.owe(db, CONFIRMATION, customer, origin)


@writes(CONFIRMATION)
def confirmation(db: Session, letter: Letter, settings: Settings) -> EmailMessage:
    customer = db.get(Customer, letter.fact("id"))
    if customer is None or customer.confirmed_at or customer.email != letter.recipient:
        raise Moot("there is nothing to confirm any more")
    return account_letters.with_link(
        letter, settings, CONFIRMING, "/confirmation", customer, subject=_("Please confirm your e-mail address"),
        greeting=_("Welcome, %(name)s.", name=customer.name),
        text=_("Please confirm that this is your address, so that we reach you about your orders."),
        button=_("Confirm"),
        note=_("If you have not made an account at MyClothes, please ignore this mail."),
    )  # fmt: skip
