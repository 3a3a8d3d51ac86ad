"""The decisions of an administrator, in three pages."""

from typing import Any
from zoneinfo import available_timezones

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from apps.chassis.context import db
from apps.chassis.languages import gettext as _
from apps.chassis.languages import later
from apps.mywordpress.accounts.guard import only
from apps.mywordpress.freshness import changed
from apps.mywordpress.options.forms import CommentsForm, ReadingForm, SiteForm, offer
from apps.mywordpress.options.models import Options
from apps.mywordpress.posts.lists import places
from apps.mywordpress.terms.trees import Tree

options = Blueprint("options", __name__, url_prefix="/options")
keepers_only = only("manage_options")

SITE, READING, COMMENTS = "site", "reading", "comments"
FORMS: dict[str, type[SiteForm | ReadingForm | CommentsForm]] = {
    SITE: SiteForm,
    READING: ReadingForm,
    COMMENTS: CommentsForm,
}
NAMES = {SITE: later("The site"), READING: later("Reading"), COMMENTS: later("Comments")}


@options.get("", defaults={"part": SITE})
@options.get(f"/<any({READING}, {COMMENTS}):part>")
@keepers_only
def edit(part: str) -> ResponseReturnValue:
    return edited(part, form_of(part))


@options.post("", defaults={"part": SITE})
@options.post(f"/<any({READING}, {COMMENTS}):part>")
@keepers_only
def update(part: str) -> ResponseReturnValue:
    form = form_of(part, request.form)
    if not form.validate():
        return edited(part, form, 422)
    Options.decide(db(), **{field.name: decided(field.name, field.data) for field in form})
    changed()
    return redirect(url_for("options.edit", part=part, done="saved"), 303)


def decided(name: str, value: Any) -> Any:
    """What is stored of a field: nothing for a choice of nothing."""
    return value or None if name.endswith("_id") else value if value is not None else ""


def form_of(part: str, sent: Any = None) -> SiteForm | ReadingForm | CommentsForm:
    """The form of a part as it was sent, or else with what holds now."""
    now = Options.read(db())
    form = FORMS[part](sent, obj=now)
    if isinstance(form, SiteForm):
        categories = [(node.id, node.depth, node.name) for node in Tree.load(db())]
        offer(form.default_category_id, _("None"), categories, now.default_category_id)
    if isinstance(form, ReadingForm):
        pages = [(page.id, page.depth, page.title or _("Untitled")) for page in places(db())]
        offer(form.front_page_id, _("The newest posts"), pages, now.front_page_id)
        offer(form.posts_page_id, _("None"), pages, now.posts_page_id)
    return form


def edited(part: str, form: SiteForm | ReadingForm | CommentsForm, status: int = 200) -> ResponseReturnValue:
    """The page of a part, with what went wrong."""
    zones = sorted(available_timezones()) if part == SITE else []
    context = {"part": part, "names": NAMES, "form": form, "zones": zones}
    return render_template(f"mywordpress/options/{part}.html", **context), status
