"""The customer's address book."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from apps.chassis.context import db
from apps.chassis.languages import gettext as _
from apps.myclothes.accounts.access import require_customer
from apps.myclothes.accounts.addresses import MOST, AddressBookFull, SavedAddress
from apps.myclothes.accounts.forms import AddressForm

Answer = str | Response | tuple[str, int]

addresses = Blueprint("addresses", __name__, url_prefix="/account/addresses")


@addresses.get("")
def index() -> Answer:
    customer = require_customer()
    kept = SavedAddress.of(db(), customer)
    return render_template("myclothes/accounts/addresses.html", addresses=kept, most=MOST)


@addresses.get("/new")
def new() -> Answer:
    return address_answer(AddressForm(name=require_customer().name))


@addresses.post("")
def create() -> Answer:
    customer = require_customer(back=url_for("addresses.index"))
    form = AddressForm(request.form)
    if not form.validate():
        return address_answer(form, status=422)
    try:
        SavedAddress.keep(db(), customer, form.address())
    except AddressBookFull:
        form.form_errors = [_("Your address book is full. Please remove an address first.")]
        return address_answer(form, status=409)
    return redirect(url_for("addresses.index", done="kept"), 303)


@addresses.get("/<int:address_id>/edit")
def edit(address_id: int) -> Answer:
    saved = _own(address_id)
    return address_answer(AddressForm(obj=saved), saved)


@addresses.post("/<int:address_id>")
def update(address_id: int) -> Answer:
    saved = _own(address_id)
    form = AddressForm(request.form)
    if not form.validate():
        return address_answer(form, saved, 422)
    saved.change(form.address())
    return redirect(url_for("addresses.index", done="kept"), 303)


@addresses.post("/<int:address_id>/removal")
def destroy(address_id: int) -> Answer:
    SavedAddress.remove(db(), require_customer(back=url_for("addresses.index")), address_id)
    return redirect(url_for("addresses.index", done="removed"), 303)


def address_answer(form: AddressForm, saved: SavedAddress | None = None, status: int = 200) -> tuple[str, int]:
    """The page of one address, kept or new."""
    return render_template("myclothes/accounts/address.html", form=form, saved=saved), status


def _own(address_id: int) -> SavedAddress:
    saved = SavedAddress.with_id(db(), require_customer(back=url_for("addresses.index")), address_id)
    if saved is None:
        abort(404, _("There is no such address in your book."))
    return saved
