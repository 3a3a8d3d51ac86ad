"""Types, statuses and taxonomies: what there is on this site, which nobody changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apps.mywordpress.api.asked import Asked, Field, Item, Link, Reply, Resource
from apps.mywordpress.api.errors import ApiError, refused
from apps.mywordpress.api.routing import CONTEXT, GET, Endpoint, Route
from apps.mywordpress.api.schema import Schema, array, boolean, record, string

Kinds = Mapping[str, Mapping[str, Any]]

FEATURES = ("title", "editor", "author", "thumbnail", "excerpt", "comments", "revisions", "autosave")
TYPES: Kinds = {
    "post": {
        "name": "Posts",
        "singular": "Post",
        "rest_base": "posts",
        "hierarchical": False,
        "taxonomies": ["category", "post_tag"],
        "supports": (*FEATURES, "trackbacks", "post-formats"),
    },
    "page": {
        "name": "Pages",
        "singular": "Page",
        "rest_base": "pages",
        "hierarchical": True,
        "taxonomies": [],
        "supports": (*FEATURES, "page-attributes"),
    },
    "attachment": {
        "name": "Media",
        "singular": "Media",
        "rest_base": "media",
        "hierarchical": False,
        "taxonomies": [],
        "supports": ("title", "author"),
    },
}
STATUSES: Kinds = {
    "publish": {"name": "Published", "public": True},
    "future": {"name": "Scheduled", "protected": True},
    "draft": {"name": "Draft", "protected": True, "date_floating": True},
    "pending": {"name": "Pending", "protected": True, "date_floating": True},
    "private": {"name": "Private", "private": True},
    "trash": {"name": "Trash"},
}
TAXONOMIES: Kinds = {
    "category": {"name": "Categories", "singular": "Category", "rest_base": "categories", "hierarchical": True},
    "post_tag": {"name": "Tags", "singular": "Tag", "rest_base": "tags", "hierarchical": False},
}


def _plain(name: str, schema: Schema, contexts: str = "view edit embed", default: Any = None) -> Field:
    def read(asked: Asked, thing: tuple[str, Mapping[str, Any]]) -> Any:
        return thing[0] if name == "slug" else thing[1].get(name, default)

    return Field(name, schema, read, contexts)


def _labels(asked: Asked, thing: tuple[str, Mapping[str, Any]]) -> dict[str, str]:
    return {"name": thing[1]["name"], "singular_name": thing[1]["singular"]}


def _supports(asked: Asked, thing: tuple[str, Mapping[str, Any]]) -> dict[str, bool]:
    return dict.fromkeys(thing[1]["supports"], True)


def _visibility(asked: Asked, thing: Any) -> dict[str, bool]:
    names = ("public", "publicly_queryable", "show_admin_column", "show_in_nav_menus", "show_in_quick_edit", "show_ui")
    return dict.fromkeys(names, True)


TYPE = Resource(
    "type",
    (
        Field("capabilities", record({}, "What it takes."), lambda asked, one: {}, "edit"),
        _plain("description", string("About it."), "view edit", ""),
        _plain("hierarchical", boolean("Whether one stands below another."), "view edit"),
        Field("viewable", boolean("Whether readers see it."), lambda asked, one: True, "edit"),
        Field("labels", record({}, "Its names."), _labels, "edit"),
        _plain("name", string("Its name.")),
        _plain("slug", string("Its name for programs.")),
        Field("supports", record({}, "What it has."), _supports, "edit"),
        Field("has_archive", boolean("Whether it has a list of its own."), lambda asked, one: False, "view edit"),
        _plain("taxonomies", array(string(), "How it is sorted."), "view edit"),
        _plain("rest_base", string("Where its routes begin.")),
        Field("rest_namespace", string("The namespace of its routes."), lambda asked, one: "wp/v2"),
        Field("icon", {"type": ["string", "null"], "description": "Its icon."}, lambda asked, one: None),
    ),
)
STATUS = Resource(
    "status",
    (
        _plain("name", string("Its name."), "embed view edit"),
        _plain("private", boolean("Whether only some may read it."), "edit", False),
        _plain("protected", boolean("Whether only writers see it."), "edit", False),
        _plain("public", boolean("Whether readers see it."), "view edit", False),
        Field("queryable", boolean("As public."), lambda asked, one: one[1].get("public", False), "view edit"),
        Field("show_in_list", boolean("Whether editors list it."), lambda asked, one: one[0] != "trash", "edit"),
        _plain("slug", string("Its name for programs.")),
        _plain("date_floating", boolean("Whether its date may still change."), "view edit", False),
    ),
)
TAXONOMY = Resource(
    "taxonomy",
    (
        Field("capabilities", record({}, "What it takes."), lambda asked, one: {}, "edit"),
        _plain("description", string("About it."), "view edit", ""),
        _plain("hierarchical", boolean("Whether one stands below another."), "view edit"),
        Field("labels", record({}, "Its names."), _labels, "edit"),
        _plain("name", string("Its name.")),
        _plain("slug", string("Its name for programs.")),
        Field("show_cloud", boolean("Whether a cloud shows it."), lambda asked, one: True, "edit"),
        Field("types", array(string(), "What it sorts."), lambda asked, one: ["post"], "view edit"),
        _plain("rest_base", string("Where its routes begin.")),
        Field("rest_namespace", string("The namespace of its routes."), lambda asked, one: "wp/v2"),
        Field("visibility", record({}, "Where it is shown."), _visibility, "edit"),
    ),
)


@dataclass(frozen=True)
class Shelf:
    """All things of one sort, by their names."""

    where: str
    word: str
    resource: Resource
    kinds: Kinds

    def may_list(self, asked: Asked) -> None:
        if asked.context == "edit" and not asked.can("edit_posts"):
            message = "Sorry, you are not allowed to edit posts in this post type."
            raise refused(asked.user, "rest_cannot_view", message)

    def index(self, asked: Asked) -> Reply:
        seen = {name: one for name, one in self.kinds.items() if _may_see(asked, self.where, one)}
        if asked["type"] not in (None, "post"):
            seen = {}
        return Reply(_whole({name: _item(asked, self, (name, one)) for name, one in seen.items()}))

    def may_read(self, asked: Asked) -> None:
        name = asked[self.word]
        if name not in self.kinds:
            raise ApiError(f"rest_{self.word}_invalid", f"Invalid {self.word}.", 404)
        if not _may_see(asked, self.where, self.kinds[name]):
            raise refused(asked.user, "rest_cannot_read_status", "Cannot view status.")
        if asked.context == "edit" and not asked.can("edit_posts"):
            message = "Sorry, you are not allowed to edit posts in this post type."
            raise refused(asked.user, "rest_forbidden_context", message)

    def show(self, asked: Asked) -> Reply:
        return Reply(_item(asked, self, (asked[self.word], self.kinds[asked[self.word]])))

    def routes(self) -> tuple[Route, Route]:
        """Where all of them are, and each."""
        of_type: Mapping[str, Schema] = {"type": string("Only what sorts this.")} if self.word == "taxonomy" else {}
        every = Endpoint(GET, self.index, {"context": CONTEXT, **of_type}, self.may_list)
        one = Endpoint(GET, self.show, {"context": CONTEXT}, self.may_read)
        at = f"/wp/v2/{self.where}"
        name: Mapping[str, Schema] = {self.word: string("Its name for programs.")}
        return Route(at, (every,), self.resource), Route(f"{at}/(?P<{self.word}>[\\w-]+)", (one,), self.resource, name)


def _item(asked: Asked, shelf: "Shelf", thing: tuple[str, Mapping[str, Any]]) -> Item:
    items = f"/{thing[1].get('rest_base', 'posts')}" + ("" if shelf.where != "statuses" else f"?status={thing[0]}")
    links = {"collection": [Link(asked.api(f"/{shelf.where}"))], "wp:items": [Link(asked.api(items))]}
    if shelf.where == "statuses":
        links = {"archives": [Link(asked.api(items))]}
    return Item(shelf.resource.show(asked, thing), links)


def _may_see(asked: Asked, where: str, one: Mapping[str, Any]) -> bool:
    return where != "statuses" or one.get("public", False) or asked.can("edit_posts")


def _whole(items: Mapping[str, Item]) -> dict[str, Any]:
    return {
        name: {**item.data, "_links": {rel: [one.shown() for one in links] for rel, links in item.links.items()}}
        for name, item in items.items()
    }


ROUTES = (
    *Shelf("types", "type", TYPE, TYPES).routes(),
    *Shelf("statuses", "status", STATUS, STATUSES).routes(),
    *Shelf("taxonomies", "taxonomy", TAXONOMY, TAXONOMIES).routes(),
)
