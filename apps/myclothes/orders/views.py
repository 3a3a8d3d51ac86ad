"""Look at orders: one's own in the account, any by its key, and by number and address for guests."""

from flask import redirect, render_template, request

from apps.chassis import paging
from apps.chassis.context import db, reads_writer
from apps.chassis.languages import gettext as _
from apps.chassis.people import normal_email
from apps.chassis.ratelimits import limit
from apps.myclothes.accounts.access import current_customer, require_customer
from apps.myclothes.orders.access import order_url, require_order
from apps.myclothes.orders.checkout import Answer
from apps.myclothes.orders.checkout import orders as orders
from apps.myclothes.orders.events import OrderEvent
from apps.myclothes.orders.forms import TrackForm
from apps.myclothes.orders.models import Order, State
from apps.myclothes.orders.ordernumbers import normal_number
from apps.myclothes.orders.states import BEFORE_PACKED, NAMES

AT_ONCE = 10


@orders.get("/account")
def index() -> Answer:
    customer = require_customer()
    begins = paging.key_of(request.args.get("before", ""))
    page = paging.newest(db(), Order.found(customer), Order.id, begins, AT_ONCE)
    later = begins is not None
    return render_template("myclothes/account.html", customer=customer, page=page, names=NAMES, later=later)


@orders.get("/orders/<number>")
@reads_writer
def show(number: str) -> Answer:
    order = require_order(number)
    return render_template(
        "myclothes/order.html",
        order=order,
        events=OrderEvent.of(db(), order.id),
        names=NAMES,
        order_url=order_url,
        is_unpaid=order.state == State.PLACED,
        may_cancel=order.state in BEFORE_PACKED,
        done=request.args.get("done", ""),
        guest=current_customer() is None,
    )


@orders.get("/track")
def new_tracking() -> Answer:
    return render_template("myclothes/track.html", form=TrackForm(number=request.args.get("number", "")[:40]))


@orders.post("/track")
def create_tracking() -> Answer:
    """Lead to the order by its key; the same answer for a number that is wrong and for an address that is."""
    form = TrackForm(request.form)
    if not form.validate():
        return render_template("myclothes/track.html", form=form), 422
    limit("track-from", request.remote_addr or "", 30, 300)
    limit("track", normal_number(form.number.data), 10, 300)
    limit("track-for", normal_email(form.email.data), 20, 300)
    order = Order.tracked(db(), form.number.data, form.email.data)
    if order is None:
        form.form_errors = [_("We know no order of this number for this address.")]
        return render_template("myclothes/track.html", form=form), 422
    return redirect(order_url("orders.show", order), 303)
