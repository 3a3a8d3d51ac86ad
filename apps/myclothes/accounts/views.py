"""Sign up, in and out."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from apps.chassis import passwords
from apps.chassis.context import db, session
from apps.chassis.people import EmailTaken, normal_email
from apps.chassis.ratelimits import limit
from apps.chassis.visitors import authenticate, local_path, sign_out_everywhere
from apps.myclothes.accounts.access import current_customer, require_customer, sign_in
from apps.myclothes.accounts.forms import SignInForm, SignUpForm
from apps.myclothes.accounts.models import Customer, Role

Answer = str | Response | tuple[str, int]

accounts = Blueprint("accounts", __name__)


@accounts.get("/sign-up")
def new() -> Answer:
    if current_customer():
        return redirect(url_for("orders.index"), 303)
    return render_template("myclothes/sign_up.html", form=SignUpForm(next=request.args.get("next", "")))


@accounts.post("/sign-up")
def create() -> Answer:
    limit("sign-up", request.remote_addr or "", 20, 3600)
    form = SignUpForm(request.form)
    if not form.validate():
        return render_template("myclothes/sign_up.html", form=form), 422
    # Hashed before the first use of the database: it takes its time, and no lock may be held meanwhile.
    password_hash = passwords.hash(form.password.data)
    try:
        customer = Customer.add(
            db(), email=form.email.data, name=form.name.data, password_hash=password_hash, role=Role.CUSTOMER
        )
    except EmailTaken:
        form.email.errors = ["This address has an account already. Please sign in."]
        return render_template("myclothes/sign_up.html", form=form), 422
    sign_in(customer)
    return redirect(local_path(form.next.data) or url_for("orders.index"), 303)


@accounts.get("/sign-in")
def new_session() -> Answer:
    if current_customer():
        return redirect(url_for("orders.index"), 303)
    return render_template("myclothes/sign_in.html", form=SignInForm(next=request.args.get("next", "")))


@accounts.post("/sign-in")
def create_session() -> Answer:
    form = SignInForm(request.form)
    if not form.validate():
        return render_template("myclothes/sign_in.html", form=form), 422
    limit("sign-in", normal_email(form.email.data), 10, 300)
    limit("sign-in-from", request.remote_addr or "", 100, 300)
    customer = authenticate(Customer, form.email.data, form.password.data)
    if customer is None:
        form.form_errors = ["E-mail and password do not belong together."]
        return render_template("myclothes/sign_in.html", form=form), 422
    sign_in(customer)
    return redirect(local_path(form.next.data) or url_for("orders.index"), 303)


@accounts.post("/sign-out")
def destroy_session() -> Answer:
    session().clear()
    return redirect(url_for("catalog.index"), 303)


@accounts.post("/sign-out/everywhere")
def destroy_sessions() -> Answer:
    sign_out_everywhere(require_customer())
    return redirect(url_for("accounts.new_session", done="everywhere"), 303)
