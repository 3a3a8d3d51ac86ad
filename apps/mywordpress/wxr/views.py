"""Imports and exports, for whoever may have them: hand in, look, begin, follow; take all away."""

from dataclasses import replace
from typing import BinaryIO, cast

from flask import Blueprint, abort, jsonify, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from apps.chassis import visitors
from apps.chassis.context import application, db, reads_writer
from apps.chassis.database import Database
from apps.chassis.errors import wants_json
from apps.chassis.identifiers import number
from apps.chassis.jobs import enqueue
from apps.chassis.languages import gettext as _
from apps.chassis.transactions import apart
from apps.mywordpress.accounts.guard import capable, writers_only
from apps.mywordpress.accounts.models import User
from apps.mywordpress.freshness import changed
from apps.mywordpress.options.models import Options
from apps.mywordpress.wxr.downloads import export_file
from apps.mywordpress.wxr.export import ALL, TYPES
from apps.mywordpress.wxr.handing import hand_in
from apps.mywordpress.wxr.looks import NEW, ONE_OF, Look, Report
from apps.mywordpress.wxr.models import Import
from apps.mywordpress.wxr.parts import AUTHOR
from apps.mywordpress.wxr.reader import BadFile

imports = Blueprint("imports", __name__, url_prefix="/imports")
exports = Blueprint("exports", __name__, url_prefix="/exports")

MOST_BYTES = 64 * 1024 * 1024
FORM_BYTES = 64 * 1024


@imports.app_template_global()
def told(text: str, values: dict[str, str]) -> str:
    """A note of the report in the language of the page."""
    return _(text, **values)


@imports.before_request
def allow_files() -> None:
    """Let a request be as large as an export with its form; 413 before anything is read if it says it is larger."""
    request.max_content_length = MOST_BYTES + FORM_BYTES
    request.max_form_memory_size = 1024 * 1024
    if (request.content_length or 0) > request.max_content_length:
        abort(413, _("This file is too large: an export may have up to 64 MB."))


@imports.get("")
@writers_only
def index() -> ResponseReturnValue:
    capable("import")
    return listed()


@imports.post("")
@writers_only
def create() -> ResponseReturnValue:
    file, database = request.files.get("file"), application().database
    assert database is not None
    # Who asks is looked up in a transaction of its own, for reading the file is slow and needs many.
    user_id = apart(database, lambda _: capable("import").id)
    if file is None or not file.filename:
        return listed(_("Please choose a file first.")), 422
    try:
        import_id = _handed_in(database, file, user_id)
    except BadFile as error:
        return listed(_(error.text, line=error.line, what=error.what)), 422
    return redirect(url_for("imports.show", import_id=import_id), 303)


def _handed_in(database: Database, file: FileStorage, user_id: int) -> int:
    return hand_in(database, cast("BinaryIO", file.stream), file.filename or "", user_id)


@imports.get("/<int:import_id>")
@reads_writer
@writers_only
def show(import_id: int) -> ResponseReturnValue:
    importing = one(import_id)
    if importing.started_at is None:
        look = Look(db(), importing, may_fetch=application().settings.storage_shared)
        return render_template("mywordpress/imports/look.html", importing=importing, look=look, NEW=NEW)
    report = Report(db(), importing, after=request.args.get("after", 0, type=number))
    if wants_json():
        return jsonify(report.progress())
    return render_template("mywordpress/imports/show.html", importing=importing, report=report, ONE_OF=ONE_OF)


@imports.post("/<int:import_id>/start")
@writers_only
def start(import_id: int) -> ResponseReturnValue:
    importing, form = one(import_id), request.form
    stand_for_authors(importing)
    may_fetch = application().settings.storage_shared
    wishes = {"keep_ids": "keep_ids" in form, "fetch": "fetch" in form and may_fetch}
    if not importing.start(db(), **wishes):
        abort(409, _("This import has been started already."))
    if "title" in form:
        take_title(importing)
    enqueue("run_import", import_id=importing.id)
    return redirect(url_for("imports.show", import_id=importing.id), 303)


@imports.post("/<int:import_id>/deletion")
@writers_only
def destroy(import_id: int) -> ResponseReturnValue:
    importing = one(import_id)
    if importing.started_at is not None and importing.finished_at is None:
        abort(409, _("This import is going on; it can be deleted once it is done."))
    db().delete(importing)
    return redirect(url_for("imports.index", done="deleted"), 303)


@exports.get("")
@writers_only
def index_exports() -> ResponseReturnValue:
    capable("export")
    return render_template("mywordpress/imports/exports.html", types=TYPES)


@exports.get("/wxr")
@writers_only
def show_export() -> ResponseReturnValue:
    capable("export")
    only = request.args.get("type", ALL)
    if only not in TYPES:
        abort(404, _("There is no such export."))
    file = export_file(db(), visitors.origin(), only)
    answer = send_file(file.stream, mimetype="text/xml", as_attachment=True, download_name=file.name)
    # It holds what only the administrator may see.
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def one(import_id: int) -> Import:
    """The import, for whoever may import, once all of its file was read."""
    capable("import")
    importing = db().get(Import, import_id)
    if importing is None or importing.read_at is None:
        abort(404, _("There is no such import."))
    return importing


def listed(error: str | None = None) -> str:
    """The page of imports, newest first."""
    found = Import.all_of(db(), request.args.get("before", type=number))
    return render_template("mywordpress/imports/index.html", page=found, error=error)


def stand_for_authors(importing: Import) -> None:
    """Let users who are here be authors of the file, as the form says."""
    for part in importing.of_kind(db(), AUTHOR):
        chosen = request.form.get(f"author-{part.id}", NEW)
        if chosen == NEW:
            continue
        user = db().get(User, number(chosen)) if chosen.isdecimal() else None
        if user is None:
            abort(422, _("There is no such user to be %(name)s.", name=part.title))
        part.stand_for(db(), user.id)


def take_title(importing: Import) -> None:
    """Let the site be called as the old one."""
    title, tagline = importing.site.get("title", ""), importing.site.get("tagline", "")
    options = Options.read(db())
    replace(options, title=title or options.title, tagline=tagline).store(db())
    changed()
