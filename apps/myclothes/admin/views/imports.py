"""A catalogue in CSV, in and out: first a plan that changes nothing, then what was planned."""

from contextlib import closing
from io import BytesIO

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from apps.chassis.bodies import LARGEST_FORM_BYTES
from apps.chassis.columns import now
from apps.chassis.context import cache, db
from apps.chassis.languages import gettext as _
from apps.myclothes.accounts.access import require_role
from apps.myclothes.accounts.models import Role
from apps.myclothes.admin.counter import audit
from apps.myclothes.catalog.exports import export
from apps.myclothes.catalog.imports import BadCatalogue, Plan, apply, plan_import
from apps.myclothes.catalog.pages import invalidate

Answer = str | Redirect | tuple[str, int]

MOST_TOLD = 300

imports = Blueprint("imports", __name__, url_prefix="/import")


@imports.get("")
def new() -> Answer:
    require_role(Role.MANAGER)
    return answer()


@imports.post("/plan")
def create_plan() -> Answer:
    """Tell what the file would change, or what is wrong with it; nothing is changed."""
    require_role(Role.MANAGER)
    upload = request.files.get("file")
    try:
        # A larger file is one on the disk, which is to be gone before the answer.
        with closing(upload or BytesIO()) as file:
            text = file.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        return answer(problem=_("This file is not written in UTF-8."), status=422)
    if not text.strip():
        return answer(problem=_("Please choose a file."), status=422)
    plan = plan_import(db(), text, counts=wants_counts())
    return answer(text, plan, status=422 if plan.problems else 200)


@imports.post("")
def create() -> Answer:
    """Do what was planned. It is planned anew, since the catalogue may have changed meanwhile."""
    actor = require_role(Role.MANAGER)
    # Flask keeps half a megabyte of what is typed, and what was a file a page ago comes as typed now.
    request.max_form_memory_size = LARGEST_FORM_BYTES
    text = request.form.get("text", "")
    plan = plan_import(db(), text, counts=wants_counts())
    # The shelves that products leave must forget them, too.
    invalidate(cache(), [product for _entry, product in plan.entries if product is not None])
    try:
        products = apply(db(), plan, actor.email)
    except BadCatalogue:
        return answer(text, plan, status=422)
    db().flush()
    invalidate(cache(), products)
    audit(actor, "catalogue.import", now().date().isoformat(), products=len(products), changes=len(plan.changes))
    return redirect(url_for("admin.imports.new", done="imported"), 303)


@imports.get("/catalogue.csv")
def show() -> Response:
    """The whole catalogue, as an import takes it."""
    require_role(Role.MANAGER)
    response = make_response("".join(export(db())))
    response.mimetype = "text/csv"
    response.headers["Content-Disposition"] = f'attachment; filename="myclothes-{now().date()}.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


def wants_counts() -> bool:
    return request.form.get("counts") == "y"


def answer(text: str = "", plan: Plan | None = None, problem: str = "", status: int = 200) -> tuple[str, int]:
    page = render_template(
        "myclothes/admin/import.html", text=text, plan=plan, problem=problem, counts=wants_counts(), most=MOST_TOLD
    )
    return page, status
