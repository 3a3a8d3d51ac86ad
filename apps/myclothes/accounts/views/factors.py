"""Set up, renew and take down the second factor."""

from flask import Blueprint, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from apps.chassis.accounts.forms import OwnPasswordForm
from apps.chassis.accounts.renewals import is_own_password
from apps.chassis.context import application, db
from apps.chassis.languages import gettext as _
from apps.chassis.ratelimits import limit
from apps.myclothes.accounts import audits, factors
from apps.myclothes.accounts.access import require_customer
from apps.myclothes.accounts.forms import SecondFactorForm
from apps.myclothes.accounts.models import Customer

Answer = str | Response | tuple[str, int]

second_factor = Blueprint("second_factor", __name__, url_prefix="/account/second-factor")


@second_factor.after_request
def keep_secrets_private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


@second_factor.get("")
def show() -> Answer:
    return factor_answer(require_customer())


@second_factor.get("/new")
def new() -> Answer:
    customer = require_customer()
    if customer.has_second_factor:
        return redirect(url_for("second_factor.show"), 303)
    secret = factors.new_secret()
    return set_up_answer(customer, secret, SecondFactorForm(sealed=factors.seal(application().settings, secret)))


@second_factor.post("")
def create() -> Answer:
    """Take the secret that the form has carried since it was shown, once a code proves that an app has it, too."""
    customer = require_customer(back=url_for("second_factor.show"))
    form = SecondFactorForm(request.form)
    sealed = form.sealed.data or ""
    secret = factors.unseal(application().settings, sealed)
    if secret is None or len(sealed) > 255:
        return redirect(url_for("second_factor.new"), 303)
    if not form.validate() or not is_own_password(customer, form.current):
        return set_up_answer(customer, secret, form, 422)
    step = factors.step_of(secret, form.code.data)
    if step is None:
        form.code.errors = [_("This is not the code that your app shows now.")]
        return set_up_answer(customer, secret, form, 422)
    codes = factors.set_up(db(), customer, sealed, step)
    if codes is None:
        return redirect(url_for("second_factor.show"), 303)
    _note(customer, "second_factor.create")
    return render_template("myclothes/accounts/codes.html", codes=codes)


@second_factor.post("/codes")
def update() -> Answer:
    """New recovery codes."""
    customer = require_customer(back=url_for("second_factor.show"))
    form = OwnPasswordForm(request.form, prefix="codes-")
    if not form.validate() or not is_own_password(customer, form.current):
        return factor_answer(customer, 422, codes=form)
    if not customer.has_second_factor:
        return redirect(url_for("second_factor.show"), 303)
    _note(customer, "second_factor.renew_codes")
    return render_template("myclothes/accounts/codes.html", codes=factors.renew_codes(db(), customer))


@second_factor.post("/removal")
def destroy() -> Answer:
    customer = require_customer(back=url_for("second_factor.show"))
    form = OwnPasswordForm(request.form, prefix="removal-")
    if not form.validate() or not is_own_password(customer, form.current):
        return factor_answer(customer, 422, removal=form)
    factors.take_down(db(), customer)
    _note(customer, "second_factor.destroy")
    return redirect(url_for("second_factor.show", done="removed"), 303)


def factor_answer(customer: Customer, status: int = 200, **forms: object) -> tuple[str, int]:
    """The page that tells whether there is a second factor, and how many recovery codes are left."""
    shown = {"codes": OwnPasswordForm(prefix="codes-"), "removal": OwnPasswordForm(prefix="removal-")} | forms
    left = factors.codes_left(customer)
    page = render_template("myclothes/accounts/factor.html", customer=customer, forms=shown, left=left)
    return page, status


def set_up_answer(customer: Customer, secret: str, form: SecondFactorForm, status: int = 200) -> tuple[str, int]:
    """The page that shows a secret to an app on the customer's phone, by a picture and in letters."""
    import segno

    limit("second-factor", str(customer.id), 30, 300)
    picture = segno.make(factors.address(secret, customer.email), error="m").svg_inline(
        border=3, omitsize=True, lineclass=None, svgclass="factor__code"
    )
    groups = [secret[start : start + 4] for start in range(0, len(secret), 4)]
    page = render_template("myclothes/accounts/new_factor.html", form=form, picture=Markup(picture), groups=groups)  # noqa: S704
    return page, status


def _note(customer: Customer, action: str) -> None:
    if customer.is_staff:
        audits.record(db(), customer, action, f"customer {customer.id}", address=request.remote_addr or "")
