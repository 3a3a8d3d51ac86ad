"""Sign up, in and out."""

import time

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from apps.chassis import passwords
from apps.chassis.accounts.forms import SignInForm
from apps.chassis.context import application, db, session
from apps.chassis.languages import gettext as _
from apps.chassis.languages import language
from apps.chassis.people import EmailTaken, normal_email
from apps.chassis.ratelimits import limit
from apps.chassis.visitors import authenticate, local_path, origin, sign_out_everywhere
from apps.myclothes.accounts import factors
from apps.myclothes.accounts.access import current_customer, require_customer, sign_in
from apps.myclothes.accounts.forms import CodeForm, SignUpForm
from apps.myclothes.accounts.letters import owe_confirmation
from apps.myclothes.accounts.models import Customer, Role

Answer = str | Response | tuple[str, int]

# Who has given the password and not yet the code, from which moment on, and where they wanted to go.
HALF_WAY = "half_way"
HALF_WAY_SECONDS = 600

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
        form.email.errors = [_("This address has an account already. Please sign in.")]
        return render_template("myclothes/sign_up.html", form=form), 422
    customer.language = language()
    owe_confirmation(db(), customer, origin())
    sign_in(customer)
    return redirect(local_path(form.next.data) or url_for("orders.index"), 303)


@accounts.get("/sign-in")
def new_session() -> Answer:
    if current_customer():
        # In another tab, say.
        return redirect(local_path(request.args.get("next")) or url_for("orders.index"), 303)
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
        form.form_errors = [_("E-mail and password do not belong together.")]
        return render_template("myclothes/sign_in.html", form=form), 422
    if customer.has_second_factor:
        session()[HALF_WAY] = [customer.id, customer.signed_in_at(), local_path(form.next.data) or ""]
        return redirect(url_for("accounts.new_code"), 303)
    sign_in(customer)
    return redirect(local_path(form.next.data) or url_for("orders.index"), 303)


@accounts.get("/sign-in/code")
def new_code() -> Answer:
    if _half_way() is None:
        return redirect(url_for("accounts.new_session"), 303)
    return render_template("myclothes/accounts/code.html", form=CodeForm())


@accounts.post("/sign-in/code")
def create_code() -> Answer:
    """The second half of signing in: until then the session is nobody's."""
    customer = _half_way()
    if customer is None:
        return redirect(url_for("accounts.new_session"), 303)
    limit("code", str(customer.id), 5, 300)
    form = CodeForm(request.form)
    if not form.validate():
        return render_template("myclothes/accounts/code.html", form=form), 422
    if not factors.accept(db(), application().settings, customer, form.code.data):
        form.code.errors = [_("This is not a code of now, or it was used already.")]
        return render_template("myclothes/accounts/code.html", form=form), 422
    wanted = session().pop(HALF_WAY)[2]
    sign_in(customer)
    return redirect(wanted or url_for("orders.index"), 303)


@accounts.post("/sign-out")
def destroy_session() -> Answer:
    session().clear()
    return redirect(url_for("catalog.index"), 303)


@accounts.post("/sign-out/everywhere")
def destroy_sessions() -> Answer:
    sign_out_everywhere(require_customer())
    return redirect(url_for("accounts.new_session", done="everywhere"), 303)


def _half_way() -> Customer | None:
    """Who has given their password a short while ago, and has not changed it since."""
    customer_id, at, _wanted = session().get(HALF_WAY) or (0, 0.0, "")
    if time.time() - at > HALF_WAY_SECONDS:
        return None
    return Customer.of_session(db(), customer_id, at)
