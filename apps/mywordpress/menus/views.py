"""Menus at the desk of an administrator."""

from collections.abc import Callable, Iterator
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select, true

from apps.chassis.context import db
from apps.chassis.identifiers import number
from apps.chassis.languages import gettext as _
from apps.mywordpress.accounts.guard import only
from apps.mywordpress.freshness import changed
from apps.mywordpress.menus.forms import ItemForm, LinkForm, MenuForm, OwnItemForm
from apps.mywordpress.menus.models import MOST_ITEMS, Menu, MenuFull, MenuItem, Target
from apps.mywordpress.menus.trees import ImpossiblePlace, Where
from apps.mywordpress.options.models import Options
from apps.mywordpress.posts.columns import Kind
from apps.mywordpress.posts.lists import places
from apps.mywordpress.posts.models import Post
from apps.mywordpress.terms.models import Taxonomy, Term
from apps.mywordpress.terms.trees import Tree

menus = Blueprint("menus", __name__, url_prefix="/menus")
keepers_only = only("edit_theme_options")

MOST_OFFERED = 100


@menus.get("")
@keepers_only
def index() -> ResponseReturnValue:
    return listed(MenuForm())


@menus.post("")
@keepers_only
def create() -> ResponseReturnValue:
    form = MenuForm(request.form)
    if not form.validate():
        return listed(form, 422)
    menu = Menu.make(db(), form.name.data)
    return redirect(url_for("menus.edit", menu_id=menu.id, done="created"), 303)


@menus.get("/<int:menu_id>")
@keepers_only
def edit(menu_id: int) -> ResponseReturnValue:
    return edited(one(menu_id))


@menus.post("/<int:menu_id>")
@keepers_only
def update(menu_id: int) -> ResponseReturnValue:
    menu, form = one(menu_id), MenuForm(request.form)
    if not form.validate():
        return edited(menu, 422, form=form)
    menu.name = form.name.data
    return done(menu, "saved")


@menus.post("/<int:menu_id>/deletion")
@keepers_only
def destroy(menu_id: int) -> ResponseReturnValue:
    one(menu_id).delete(db())
    changed()
    return redirect(url_for("menus.index", done="deleted"), 303)


@menus.post("/<int:menu_id>/header")
@keepers_only
def create_header(menu_id: int) -> ResponseReturnValue:
    """Let readers see this one, in the place of whichever they saw."""
    menu = one(menu_id)
    Options.decide(db(), primary_menu_id=menu.id)
    return done(menu, "shown")


@menus.post("/<int:menu_id>/header/removal")
@keepers_only
def destroy_header(menu_id: int) -> ResponseReturnValue:
    menu = one(menu_id)
    if Options.read(db()).primary_menu_id == menu.id:
        Options.decide(db(), primary_menu_id=None)
    return done(menu, "hidden")


@menus.post("/<int:menu_id>/items")
@keepers_only
def create_items(menu_id: int) -> ResponseReturnValue:
    """Add posts and terms that were chosen, or a link of one's own."""
    menu = one(menu_id)
    if "url" in request.form:
        form = LinkForm(request.form)
        if not form.validate():
            return edited(menu, 422, link=form)
        return added(menu, [MenuItem.to_address(form.url.data, form.title.data)])
    return added(menu, list(chosen()))


@menus.post("/items/<int:item_id>")
@keepers_only
def update_item(item_id: int) -> ResponseReturnValue:
    item = one_item(item_id)
    form = form_of(item, request.form)
    if not form.validate():
        return edited(one(item.menu_id), 422, item_forms={item.id: form})
    form.populate_obj(item)
    return done(one(item.menu_id), "saved", item)


@menus.post("/items/<int:item_id>/place")
@keepers_only
def update_place(item_id: int) -> ResponseReturnValue:
    """Put it before, after or below another item of its menu."""
    item = one_item(item_id)
    menu = one(item.menu_id)
    try:
        menu.place(db(), item.id, Where(request.form.get("where", "")), number(request.form.get("other", "")))
    except ImpossiblePlace:
        abort(409, _("The menu was changed meanwhile. Please look at it again."))
    except ValueError:
        abort(400, _("Say where to put it: before, after or below which other item."))
    return done(menu, "", item)


@menus.post("/items/<int:item_id>/deletion")
@keepers_only
def destroy_item(item_id: int) -> ResponseReturnValue:
    item = one_item(item_id)
    menu = one(item.menu_id)
    menu.remove(db(), item.id)
    return done(menu, "removed")


def one(menu_id: int) -> Menu:
    return db().get(Menu, menu_id) or abort(404, _("There is no such menu."))


def one_item(item_id: int) -> MenuItem:
    return db().get(MenuItem, item_id) or abort(404, _("There is no such item in a menu."))


def form_of(item: MenuItem, sent: Any = None) -> ItemForm:
    """The form of an item as it was sent, or else as it is."""
    return (OwnItemForm if item.target == Target.ADDRESS else ItemForm)(sent, obj=item)


def chosen() -> Iterator[MenuItem]:
    """An item for each post and term that was ticked; what has gone meanwhile is left out."""
    offers: tuple[tuple[str, Any, Callable[[int], MenuItem]], ...] = (
        ("post", Post, MenuItem.to_post),
        ("term", Term, MenuItem.to_term),
    )
    for name, kind, item in offers:
        ids = request.form.getlist(name, type=number)[: MOST_ITEMS + 1]
        known = set(db().scalars(select(kind.id).where(kind.id.in_(ids))))
        yield from (item(one_id) for one_id in ids if one_id in known)


def added(menu: Menu, items: list[MenuItem]) -> ResponseReturnValue:
    if not items:
        return edited(menu, 422, problem=_("Nothing was chosen."))
    try:
        menu.append(db(), items)
    except MenuFull:
        return edited(menu, 422, problem=_("A menu has at most %(number)d items.", number=MOST_ITEMS))
    return done(menu, "added", items[0])


def done(menu: Menu, what: str, item: MenuItem | None = None) -> ResponseReturnValue:
    """Back to the menu, at the item, after something that readers may see."""
    changed()
    anchor = f"item-{item.id}" if item else None
    return redirect(url_for("menus.edit", menu_id=menu.id, done=what or None, _anchor=anchor), 303)


def listed(form: MenuForm, status: int = 200) -> ResponseReturnValue:
    """All menus."""
    found = db().scalars(select(Menu).order_by(Menu.name, Menu.id)).all()
    context = {"menus": found, "primary": Options.read(db()).primary_menu_id, "form": form}
    return render_template("mywordpress/menus/index.html", **context), status


def edited(
    menu: Menu, status: int = 200, *, item_forms: dict[int, ItemForm] | None = None, **more: Any
) -> ResponseReturnValue:
    """The page of a menu, with what could be added to it."""
    tree = menu.tree(db())
    forms = {item.id: form_of(item) for item, _above in tree.walk()} | (item_forms or {})
    context = {
        "menu": menu,
        "tree": tree,
        "item_forms": forms,
        "wrong": set(item_forms or {}),
        "is_primary": Options.read(db()).primary_menu_id == menu.id,
        "form": MenuForm(obj=menu),
        "link": LinkForm(),
        "problem": "",
        **offers(),
        **more,
    }
    return render_template("mywordpress/menus/edit.html", **context), status


def offers() -> dict[str, Any]:
    """Pages, the newest posts, categories and tags."""
    newest = select(Post.id, Post.title).where(Post.kind == Kind.POST, Post.published == true())
    tags = select(Term).where(Term.taxonomy == Taxonomy.TAG).order_by(Term.name, Term.id)
    return {
        "pages": places(db()),
        "posts": db().execute(newest.order_by(Post.published_at.desc(), Post.id.desc()).limit(MOST_OFFERED)).all(),
        "categories": list(Tree.load(db())),
        "tags": db().scalars(tags.limit(MOST_OFFERED)).all(),
    }
