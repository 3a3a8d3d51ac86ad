"""Lessons: have the instance that answers be slow, fail, hang or run out of memory, for two minutes at most."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import DecimalField, HiddenField, IntegerField
from wtforms.validators import AnyOf, InputRequired, NumberRange, Optional

from apps.chassis.context import application
from apps.chassis.faults import LONGEST_SECONDS, MOST_MEGABYTES, SLOWEST_SECONDS, Fault, Faults
from apps.chassis.forms import SpokenForm
from apps.chassis.languages import later
from apps.myclothes.accounts.access import require_role
from apps.myclothes.accounts.models import Role
from apps.myclothes.admin.counter import audit

Answer = str | Response | tuple[str, int]

TEXTS = {
    Fault.SLOW: (later("Slow"), later("Every answer takes so many seconds longer."), later("Seconds longer")),
    Fault.FAIL: (later("Failing"), later("Every answer is an error, but the shallow health check passes."), ""),
    Fault.HANG: (later("Hanging"), later("Nothing is answered at all, health checks included."), ""),
    Fault.MEMORY: (later("Out of memory"), later("One process holds so much memory."), later("Megabytes")),
}
LARGEST = {Fault.SLOW: SLOWEST_SECONDS, Fault.MEMORY: float(MOST_MEGABYTES)}

faults = Blueprint("faults", __name__, url_prefix="/faults")


class FaultForm(SpokenForm):
    """Which fault, for how long, and how much of it."""

    fault = HiddenField(validators=[InputRequired(), AnyOf(list(Fault))])
    seconds = IntegerField(
        later("For so many seconds"),
        [
            InputRequired(later("Please enter a whole number of seconds.")),
            NumberRange(1, LONGEST_SECONDS, later("Two minutes are the most.")),
        ],
        default=30,
    )
    amount = DecimalField(
        later("Amount"), [Optional(), NumberRange(0.1, MOST_MEGABYTES, later("That is too much."))], places=None
    )


@faults.get("")
def index() -> Answer:
    return answer(_allowed())


@faults.post("", endpoint="create")
def begin() -> Answer:
    ours, form = _allowed(), FaultForm(request.form)
    actor = require_role(Role.ADMINISTRATOR)
    if not form.validate():
        return answer(ours, form, 422)
    fault, seconds = Fault(form.fault.data), form.seconds.data
    amount = min(float(form.amount.data or 1), LARGEST.get(fault, 0.0))
    audit(actor, "fault.begin", fault, instance=application().identity.instance_id, seconds=seconds, amount=amount)
    ours.begin(fault, seconds, amount)
    return redirect(url_for("admin.faults.index"), 303)


@faults.post("/end")
def destroy() -> Answer:
    ours = _allowed()
    audit(require_role(Role.ADMINISTRATOR), "fault.end", application().identity.instance_id)
    ours.end()
    return redirect(url_for("admin.faults.index"), 303)


def answer(ours: Faults, form: FaultForm | None = None, status: int = 200) -> tuple[str, int]:
    """What is wrong with this instance now, and a form for each fault; the one that was sent tells its errors."""
    forms = {fault: FaultForm(fault=fault, amount=1 if fault is Fault.SLOW else 256) for fault in Fault}
    if form is not None and form.fault.data in TEXTS:
        forms[Fault(form.fault.data)] = form
    page = render_template(
        "myclothes/admin/faults.html",
        forms=forms,
        texts=TEXTS,
        remaining={fault: ours.remaining(fault) for fault in Fault},
        instance=application().identity.instance_id,
        longest=LONGEST_SECONDS,
    )
    return page, status


def _allowed() -> Faults:
    """For all but administrators of an instance that may have faults, there is no such page."""
    require_role(Role.ADMINISTRATOR)
    ours = application().faults
    if ours is None:
        abort(404)
    return ours
