"""Who changed what."""

from flask import Blueprint, render_template
from sqlalchemy import Select, or_, select

from apps.chassis import paging
from apps.chassis.context import db
from apps.myclothes.accounts.access import require_role
from apps.myclothes.accounts.audits import AuditEntry
from apps.myclothes.accounts.models import Role
from apps.myclothes.admin import asked

audits = Blueprint("audits", __name__, url_prefix="/audits")


@audits.get("")
def index() -> str:
    require_role(Role.ADMINISTRATOR)
    query = asked.text()
    page = paging.newest(db(), search(query), AuditEntry.id, asked.key())
    return render_template("myclothes/admin/audits.html", page=page, query=query)


def search(text: str) -> Select[AuditEntry]:
    """Changes by the beginning of who made them, of what they did, or of what they did it to."""
    found = select(AuditEntry)
    if not text:
        return found
    told = (AuditEntry.actor, AuditEntry.action, AuditEntry.subject)
    return found.where(or_(*(column.istartswith(text, autoescape=True) for column in told)))
