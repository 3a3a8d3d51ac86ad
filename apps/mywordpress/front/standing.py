"""Pages that stand by themselves, at any address that nothing else has. Registered last."""

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from apps.chassis.context import db
from apps.chassis.languages import with_lang
from apps.mywordpress.freshness.views import kept
from apps.mywordpress.front import finding
from apps.mywordpress.front.answers import blog, missing
from apps.mywordpress.front.entries import is_readable, moved, page_answer, part_path
from apps.mywordpress.front.views import home, page_path
from apps.mywordpress.options.models import Options
from apps.mywordpress.posts.models import Post
from apps.mywordpress.posts.slugs import RESERVED

standing = Blueprint("standing", __name__)


@standing.get("/<path:path>")
@kept
def show(path: str) -> ResponseReturnValue:
    """The page there, or a part of it, or a page of the list of posts; or 404."""
    names = path.strip("/").split("/")
    if names[0] in RESERVED:
        missing()
    names, number, is_list = divided(names)
    post = finding.with_slug(db(), names[-1])
    if post is None or not is_readable(post):
        return moved(names[-1])
    decided = blog()
    if post.id == decided.front_page_id and number == 1:
        return redirect(with_lang("/"), 301)
    address = page_path(post.path, number) if is_list else part_path(post, number)
    if request.path != address:
        return redirect(with_lang(address), 301)
    return answer(post, decided, number, address, is_list=is_list)


def divided(names: list[str]) -> tuple[list[str], int, bool]:
    """The names of the page, which part of it is meant, and whether it is rather a page of a list."""
    if len(names) < 2 or not is_number(names[-1]) or is_name(names):
        return names, 1, False
    if names[-2] == "page" and len(names) > 2:
        return names[:-2], int(names[-1]), True
    return names[:-1], int(names[-1]), False


def is_name(names: list[str]) -> bool:
    """Whether the number at the end is a page's name: that of the one right there, or of one that has moved away."""
    named = finding.with_slug(db(), names[-1])
    return named is not None and (named.path == f"/{'/'.join(names)}/" or not has_part(names))


def has_part(names: list[str]) -> bool:
    """Whether the page before the number is a list, or has so many parts."""
    above = finding.with_slug(db(), names[-2])
    return names[-2] == "page" or (above is not None and int(names[-1]) <= len(above.parts))


def answer(post: Post, decided: Options, number: int, address: str, *, is_list: bool) -> ResponseReturnValue:
    """The page, or the list of posts in its place."""
    if post.id == decided.posts_page_id:
        return home(decided, number, post.path, post.title) if is_list or number == 1 else missing()
    return missing() if is_list else page_answer(post, decided, number, address)


def is_number(name: str) -> bool:
    return name.isascii() and name.isdecimal() and len(name) < 7 and int(name) > 1
