"""A copy of all that the shop knows of somebody, and the end of their account."""

import json

from flask import Blueprint, redirect, render_template, url_for
from flask import request as asked
from werkzeug.wrappers import Response

from apps.chassis.accounts.forms import OwnPasswordForm
from apps.chassis.accounts.renewals import is_own_password
from apps.chassis.context import db, reads_writer
from apps.chassis.languages import gettext as _
from apps.chassis.ratelimits import limit
from apps.chassis.visitors import forget
from apps.myclothes.accounts.access import require_customer
from apps.myclothes.accounts.models import Customer
from apps.myclothes.accounts.personal import StillNeeded, erase, everything_about

Answer = str | Response | tuple[str, int]

personal = Blueprint("personal", __name__, url_prefix="/account/data")


@personal.get("")
def index() -> Answer:
    return data_answer(require_customer(), OwnPasswordForm())


@personal.get("/export")
@reads_writer
def show() -> Answer:
    """All of it as JSON, to be kept."""
    customer = require_customer()
    limit("export", str(customer.id), 10, 3600)
    text = json.dumps(everything_about(db(), customer), ensure_ascii=False, indent=2)
    response = Response(text, mimetype="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="myclothes-data.json"'
    response.headers["Cache-Control"] = "no-store"
    return response


@personal.post("/erasure")
def destroy() -> Answer:
    customer = require_customer(back=url_for("personal.index"))
    form = OwnPasswordForm(asked.form)
    if not form.validate() or not is_own_password(customer, form.current):
        return data_answer(customer, form, 422)
    if customer.is_staff:
        form.form_errors = [_("You look after the shop. Please have an administrator end that first.")]
        return data_answer(customer, form, 409)
    try:
        erase(db(), customer)
    except StillNeeded as error:
        form.form_errors = [_(str(error))]
        return data_answer(customer, form, 409)
    forget(customer)
    return redirect(url_for("accounts.new_session", done="erased"), 303)


def data_answer(customer: Customer, form: OwnPasswordForm, status: int = 200) -> tuple[str, int]:
    return render_template("myclothes/accounts/data.html", customer=customer, form=form), status
