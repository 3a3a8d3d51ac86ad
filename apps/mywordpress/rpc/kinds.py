"""What there is on this site, which nobody changes: types, statuses and formats of posts."""

from typing import Any

from apps.mywordpress.posts.columns import Kind
from apps.mywordpress.posts.remote import FORMATS, STANDARD
from apps.mywordpress.rpc.asked import Asked
from apps.mywordpress.rpc.parameters import Sent, flag
from apps.mywordpress.rpc.posts import kind_of

FEATURES = ("title", "editor", "author", "thumbnail", "excerpt", "custom-fields", "comments", "revisions")
SUPPORTS = {Kind.POST: (*FEATURES, "trackbacks", "post-formats"), Kind.PAGE: (*FEATURES, "page-attributes")}
NAMES = {Kind.POST: ("Posts", "Post"), Kind.PAGE: ("Pages", "Page")}
TAXONOMIES = {Kind.POST: ["category", "post_tag", "post_format"], Kind.PAGE: []}
WHOSE = ("", "_others", "_published", "_private")
VERBS = (*(f"{verb}{whose}" for verb in ("edit", "delete") for whose in WHOSE), "publish", "read_private")
USUAL_FIELDS = ("labels", "cap", "taxonomies")
TO_LOOK = "access details about this site"


def types(asked: Asked, filter: dict[str, Any], fields: list[str] | None) -> dict[str, Any]:
    """The types of posts that whoever asks may write."""
    return {str(kind): _struct(kind, fields) for kind in Kind if asked.can(f"edit_{kind}s")}


def type(asked: Asked, name: str, fields: list[str] | None) -> dict[str, Any]:
    kind = kind_of(name)
    asked.need(f"edit_{kind}s", "edit this post type")
    return _struct(kind, fields)


def _struct(kind: Kind, fields: list[str] | None) -> dict[str, Any]:
    several, one = NAMES[kind]
    more: dict[str, dict[str, Any]] = {
        "labels": {"labels": {"name": several, "singular_name": one}},
        "cap": {"cap": {f"{verb}_posts": f"{verb}_{kind}s" for verb in VERBS}, "map_meta_cap": True},
        "menu": {"menu_position": 5 if kind == Kind.POST else 20, "menu_icon": "", "show_in_menu": True},
        "taxonomies": {"taxonomies": TAXONOMIES[kind]},
    }
    wanted = USUAL_FIELDS if fields is None else fields
    told = {name: value for group in more if group in wanted for name, value in more[group].items()}
    return {
        "name": str(kind),
        "label": several,
        "hierarchical": kind == Kind.PAGE,
        "public": True,
        "show_ui": True,
        "_builtin": True,
        "has_archive": False,
        "supports": dict.fromkeys(SUPPORTS[kind], True),
        **told,
    }


def statuses(asked: Asked) -> dict[str, str]:
    asked.need("edit_posts", TO_LOOK)
    return {"draft": "Draft", "pending": "Pending Review", "private": "Private", "publish": "Published"}


def formats(asked: Asked, filter: dict[str, Any]) -> dict[str, Any]:
    asked.need("edit_posts", TO_LOOK)
    if Sent(filter).get("show-supported", flag, False):
        return {"all": FORMATS, "supported": [name for name in FORMATS if name != STANDARD]}
    return dict(FORMATS)
