"""Sales by day, as a picture and as a table."""

from flask import Blueprint, render_template

from apps.chassis.columns import now
from apps.chassis.context import db
from apps.myclothes.accounts.access import require_role
from apps.myclothes.accounts.models import Role
from apps.myclothes.admin import asked
from apps.myclothes.admin.sales import by_day, chart

SPANS = ("30", "7", "90", "365")

sales = Blueprint("sales", __name__, url_prefix="/sales")


@sales.get("")
def index() -> str:
    require_role(Role.MANAGER)
    span = asked.chosen("days", SPANS) or SPANS[0]
    days = by_day(db(), now().date(), int(span))
    return render_template("myclothes/admin/sales.html", days=days, chart=chart(days), span=span, spans=SPANS)
