"""What customers change about themselves."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from apps.chassis.accounts.forms import EmailForm, PasswordForm
from apps.chassis.context import session
from apps.myclothes.accounts.access import require_customer
from apps.myclothes.accounts.forms import ProfileForm
from apps.myclothes.accounts.models import Customer
from apps.myclothes.accounts.views.passwords import renewals

Answer = str | Response | tuple[str, int]

profiles = Blueprint("profiles", __name__, url_prefix="/account")


@profiles.get("/profile")
def edit() -> Answer:
    return profile_answer(require_customer())


@profiles.post("/profile")
def update() -> Answer:
    customer = require_customer(back=url_for("profiles.edit"))
    form = ProfileForm(request.form)
    if not form.validate():
        return profile_answer(customer, 422, profile=form)
    customer.name, customer.language = form.name.data.strip(), form.language.data
    # The head of each page takes the name from there.
    session()["customer_name"] = customer.name
    return redirect(url_for("profiles.edit", done="profile"), 303)


@profiles.post("/password")
def update_password() -> Answer:
    customer = require_customer(back=url_for("profiles.edit"))
    form = PasswordForm(request.form, prefix="password-")
    return renewals.change_password(customer, form) or profile_answer(customer, 422, password=form)


@profiles.post("/email")
def update_email() -> Answer:
    customer = require_customer(back=url_for("profiles.edit"))
    form = EmailForm(request.form, prefix="email-")
    if not renewals.ask_at(customer, form):
        return profile_answer(customer, 422, email=form)
    return redirect(url_for("profiles.edit", done="email"), 303)


def profile_answer(customer: Customer, status: int = 200, **forms: object) -> tuple[str, int]:
    """The page of all three forms, of which one may say what is wrong with it."""
    shown = {
        "profile": ProfileForm(name=customer.name, language=customer.language),
        "password": PasswordForm(prefix="password-"),
        "email": EmailForm(prefix="email-"),
    } | forms
    page = render_template("myclothes/accounts/profile.html", customer=customer, forms=shown)
    return page, status
