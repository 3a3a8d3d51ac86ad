"""Confirm an address, and all that is renewed by links from mails."""

from flask import redirect, render_template, request, url_for

from apps.chassis.accounts.forms import TokenForm
from apps.chassis.accounts.renewals import Answer, Renewals
from apps.chassis.context import db, reads_writer
from apps.chassis.proofs import Spent
from apps.chassis.ratelimits import limit
from apps.chassis.visitors import origin
from apps.myclothes.accounts.access import require_customer
from apps.myclothes.accounts.letters import CONFIRMING, account_letters, owe_confirmation
from apps.myclothes.accounts.models import Customer


def confirm(customer: Customer) -> None:
    customer.confirm(db())


renewals = Renewals(
    Customer, account_letters, sign_in="accounts.new_session", moved="passwords.show_confirmation", proved=confirm
)
passwords = renewals.blueprint(__name__)


@passwords.get("/confirmation")
@reads_writer
def new_confirmation() -> Answer:
    token = request.args.get("token", "")
    try:
        customer, _facts = renewals.proven((CONFIRMING,), token)
    except Spent:
        return renewals.spent()
    return render_template("myclothes/accounts/confirm.html", email=customer.email, form=TokenForm(token=token))


@passwords.post("/confirmation")
def create_confirmation() -> Answer:
    try:
        customer, _facts = renewals.proven((CONFIRMING,), request.form.get("token", ""))
    except Spent:
        return renewals.spent()
    customer.confirm(db())
    return redirect(url_for("passwords.show_confirmation"), 303)


@passwords.get("/confirmation/done")
def show_confirmation() -> Answer:
    return render_template("myclothes/accounts/confirmed.html")


@passwords.post("/confirmation/letter")
def create_letter() -> Answer:
    """Send the link to the customer's address once more."""
    customer = require_customer(back=url_for("profiles.edit"))
    limit("confirmation", str(customer.id), 3, 3600)
    if customer.confirmed_at is None:
        owe_confirmation(db(), customer, origin())
    return redirect(url_for("profiles.edit", done="letter"), 303)
