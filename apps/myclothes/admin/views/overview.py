"""The counter at a glance: what waits, what runs low, what was sold."""

from flask import render_template
from sqlalchemy import func, select

from apps.chassis.columns import now
from apps.chassis.context import db
from apps.myclothes.accounts.access import require_role
from apps.myclothes.accounts.models import Role
from apps.myclothes.admin.counter import may
from apps.myclothes.admin.sales import by_day, chart
from apps.myclothes.admin.views.stock import search
from apps.myclothes.catalog.models import Variant
from apps.myclothes.orders.models import Order, State

MOST_LOW, MOST_NEW, DAYS = 8, 8, 30
WAITING = (State.PLACED, State.PAID, State.PACKED)


def index() -> str:
    require_role(Role.CLERK)
    counted = select(Order.state, func.count()).where(Order.state.in_(WAITING)).group_by(Order.state)
    waiting = {row[0]: row[1] for row in db().execute(counted)}
    newest = db().scalars(select(Order).order_by(Order.id.desc()).limit(MOST_NEW)).all()
    return render_template(
        "myclothes/admin/overview.html",
        waiting=[(state, waiting.get(state, 0)) for state in WAITING],
        newest=newest,
        **(_shop() if may(Role.MANAGER) else {}),
    )


def _shop() -> dict[str, object]:
    """What a clerk has no need to see."""
    days = by_day(db(), now().date(), DAYS)
    low = db().scalars(search("", "low").order_by(Variant.stock, Variant.id).limit(MOST_LOW)).all()
    return {"days": days, "chart": chart(days), "low": low}
