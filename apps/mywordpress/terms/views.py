"""Categories and tags at the desk: made, renamed, moved, merged and deleted by whoever may."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from apps.chassis.context import db
from apps.chassis.identifiers import number
from apps.chassis.languages import gettext as _
from apps.chassis.paging import newest
from apps.mywordpress.accounts.guard import writer, writers_only
from apps.mywordpress.freshness import changed
from apps.mywordpress.options.models import Options
from apps.mywordpress.posts.refiling import DefaultCategory, delete_term, merge_terms, published_counts, term_changed
from apps.mywordpress.terms.forms import CategoryForm, TermForm
from apps.mywordpress.terms.models import Taxonomy, Term, TermLoop, TermTaken
from apps.mywordpress.terms.trees import Tree

terms = Blueprint("terms", __name__, url_prefix="/terms")

PER_PAGE = 100


@terms.get("")
@writers_only
def index() -> ResponseReturnValue:
    keeper()
    return listed(Taxonomy.TAG if request.args.get("taxonomy") == Taxonomy.TAG else Taxonomy.CATEGORY)


@terms.post("")
@writers_only
def create() -> ResponseReturnValue:
    keeper()
    taxonomy = Taxonomy.TAG if request.form.get("taxonomy") == Taxonomy.TAG else Taxonomy.CATEGORY
    form = form_for(taxonomy)
    if not form.validate():
        return listed(taxonomy, form)
    try:
        term = Term.make(
            db(),
            taxonomy,
            form.name.data,
            slug=form.slug.data or "",
            description=form.description.data or "",
            parent=parent_of(form),
        )
    except TermTaken as taken:
        form.name.errors = [_("There is one already: %(name)s.", name=taken.known.name)]
        return listed(taxonomy, form)
    changed()
    return redirect(url_for("terms.index", taxonomy=term.taxonomy, done="created"), 303)


@terms.get("/<int:term_id>/edit")
@writers_only
def edit(term_id: int) -> ResponseReturnValue:
    keeper()
    term = one(term_id)
    return edited(term, form_for(term.taxonomy, term))


@terms.post("/<int:term_id>")
@writers_only
def update(term_id: int) -> ResponseReturnValue:
    keeper()
    term = one(term_id)
    form = form_for(term.taxonomy, term)
    if not form.validate():
        return edited(term, form, 422)
    try:
        term.move(db(), parent_of(form))
        term.change(db(), form.name.data, form.slug.data or "", form.description.data or "")
    except TermLoop:
        form.parent_id.errors = [_("A category cannot stand below itself.")]
        return edited(term, form, 422)
    except TermTaken as taken:
        form.name.errors = [_("There is one already: %(name)s.", name=taken.known.name)]
        return edited(term, form, 422)
    term_changed(db(), term)
    changed()
    return redirect(url_for("terms.index", taxonomy=term.taxonomy, done="saved"), 303)


@terms.post("/<int:term_id>/deletion")
@writers_only
def destroy(term_id: int) -> ResponseReturnValue:
    keeper()
    term = one(term_id)
    try:
        delete_term(db(), term, Options.read(db()).default_category_id)
    except DefaultCategory:
        abort(409, _("Posts without another category get this one, so it cannot be deleted."))
    changed()
    return redirect(url_for("terms.index", taxonomy=term.taxonomy, done="deleted"), 303)


@terms.post("/<int:term_id>/merger")
@writers_only
def create_merger(term_id: int) -> ResponseReturnValue:
    """Give all posts of this term the one whose name was typed, and delete this one."""
    keeper()
    term, name = one(term_id), " ".join(request.form.get("into", "").split())
    into = db().scalar(select(Term).where(Term.taxonomy == term.taxonomy, Term.name == name, Term.id != term.id))
    if into is None:
        return edited(term, form_for(term.taxonomy, term), 422, problem=_("There is no other one of that name."))
    if term.id == Options.read(db()).default_category_id:
        abort(409, _("Posts without another category get this one, so it cannot be deleted."))
    merge_terms(db(), term, into)
    changed()
    return redirect(url_for("terms.index", taxonomy=into.taxonomy, done="merged"), 303)


def keeper() -> None:
    """Turn away whoever may not look after terms."""
    if not writer().can("manage_categories"):
        abort(403, _("Only editors look after categories and tags."))


def one(term_id: int) -> Term:
    """The category or tag, or 404."""
    term = db().get(Term, term_id)
    if term is None or term.taxonomy not in (Taxonomy.CATEGORY, Taxonomy.TAG):
        abort(404, _("There is no such category or tag."))
    return term


def form_for(taxonomy: str, term: Term | None = None) -> TermForm:
    """The form as it was sent, or else with what the term is now."""
    sent = request.form if request.method == "POST" and "name" in request.form else None
    if taxonomy != Taxonomy.CATEGORY:
        return TermForm(sent, obj=term)
    form, tree = CategoryForm(sent, obj=term), Tree.load(db())
    form.offer(tree, _("None"), tree.within(term.id) if term else [])
    return form


def parent_of(form: TermForm) -> Term | None:
    """The category that was chosen to stand above."""
    parent_id = form.parent_id.data if isinstance(form, CategoryForm) else 0
    return db().get(Term, parent_id) if parent_id else None


def listed(taxonomy: str, form: TermForm | None = None) -> ResponseReturnValue:
    """All categories as a tree, or a page of tags, with the form to make one."""
    if taxonomy == Taxonomy.CATEGORY:
        found, older = list(Tree.load(db())), None
    else:
        before = request.args.get("before", type=number)
        page = newest(db(), select(Term).where(Term.taxonomy == taxonomy), Term.id, before, PER_PAGE)
        found, older = list(Tree(page.items)), page.before
    counts = published_counts(db(), [term.id for term in found])
    context = {
        "terms": found,
        "older": older,
        "counts": counts,
        "taxonomy": taxonomy,
        "form": form or form_for(taxonomy),
    }
    return render_template("mywordpress/terms/index.html", **context), 422 if form else 200


def edited(term: Term, form: TermForm, status: int = 200, problem: str = "") -> ResponseReturnValue:
    """The page of one term, with what went wrong."""
    names = db().scalars(select(Term.name).where(Term.taxonomy == term.taxonomy, Term.id != term.id).limit(PER_PAGE))
    context = {"term": term, "form": form, "problem": problem, "names": sorted(names)}
    return render_template("mywordpress/terms/edit.html", **context), status
