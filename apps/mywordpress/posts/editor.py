"""What the editor's page needs to know, and what becomes of all that it sends beside the words."""

from dataclasses import replace
from datetime import datetime, timedelta
from html import escape
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from apps.chassis.context import db
from apps.mywordpress.accounts.models import User
from apps.mywordpress.accounts.roles import CAPABILITIES
from apps.mywordpress.media.models import Attachment
from apps.mywordpress.options.models import Options
from apps.mywordpress.posts.columns import Kind, State
from apps.mywordpress.posts.content import Content
from apps.mywordpress.posts.forms import PostForm
from apps.mywordpress.posts.history import Autosave, EditLock
from apps.mywordpress.posts.lists import places
from apps.mywordpress.posts.models import Post
from apps.mywordpress.terms.models import Taxonomy, Term
from apps.mywordpress.terms.trees import Tree

MOST_PICTURES = 12
MOST_TAGS_OFFERED = 500
UTC = ZoneInfo("UTC")


def editor(form: PostForm, post: Post | None, user: User, status: int = 200, **more: Any) -> ResponseReturnValue:
    """The page to write on."""
    kind = post.kind if post else kind_of(form)
    context = {
        "form": form,
        "post": post,
        "kind": kind,
        "user": user,
        "zone": zone_of(Options.read(db())),
        "may_publish": post.may_be_published_by(user) if post else user.can(f"publish_{kind}s"),
        "others": EditLock.others(db(), [post.id], user.id).get(post.id, []) if post else [],
        "autosave": autosave_of(post, user),
        **_choices(post, kind, user, form),
        **more,
    }
    return render_template("mywordpress/posts/edit.html", **context), status


def _choices(post: Post | None, kind: str, user: User, form: PostForm) -> dict[str, Any]:
    is_post = kind == Kind.POST
    tags = select(Term.name).where(Term.taxonomy == Taxonomy.TAG).order_by(Term.name).limit(MOST_TAGS_OFFERED)
    return {
        "tree": list(Tree.load(db())) if is_post else [],
        "tag_names": db().scalars(tags).all() if is_post else [],
        "places": [] if is_post else places(db(), without=post.id if post else None),
        "authors": _authors() if user.can(f"edit_others_{kind}s") else [],
        "pictures": _pictures(form.picture_id.data) if user.can("upload_files") else [],
    }


def _authors() -> list[User]:
    return [one for one in User.everybody(db()) if "edit_posts" in CAPABILITIES.get(one.role, ())]


def _pictures(chosen: int | None) -> list[Attachment]:
    newest = [one for one in Attachment.latest(db(), before=None, limit=MOST_PICTURES) if one.is_picture]
    picture = db().get(Attachment, chosen) if chosen else None
    return newest if picture is None or picture in newest else [picture, *newest]


def autosave_of(post: Post | None, user: User) -> Autosave | None:
    """What this user wrote and did not save, if it says anything else than the post does."""
    kept = Autosave.of(db(), post.id, user.id) if post else None
    if kept is None or post is None or (kept.title, kept.excerpt, kept.body) == (post.title, post.excerpt, post.body):
        return None
    return kept


def bring_back(form: PostForm, kept: Autosave) -> None:
    """Let the form show what was autosaved; saved upon another version, it is a conflict to be solved."""
    form.title.data, form.body.data, form.excerpt.data = kept.title, kept.body, kept.excerpt
    form.version.data = kept.version


def kind_of(form: PostForm) -> Kind:
    """What is being written."""
    return Kind.PAGE if form.kind.data == Kind.PAGE else Kind.POST


def content_of(form: PostForm, before: Content, user: User, appended: str = "") -> Content:
    """What was written, without what this user may not decide."""
    content = form.content(before, appended)
    may_feature = user.can("edit_others_posts") or user.can("publish_posts")
    picture = db().get(Attachment, content.picture_id) if content.picture_id else None
    # Whoever may not see the library takes nothing out of it.
    chosen = (picture.id if picture else None) if user.can("upload_files") else before.picture_id
    content = replace(content, picture_id=chosen)
    return content if may_feature else replace(content, sticky=before.sticky)


def blank() -> Content:
    """What a new post is before anything is written."""
    return Content("", "", comments_open=Options.read(db()).comments_open)


def file(post: Post, form: PostForm, user: User) -> None:
    """Give the post the categories and tags that were chosen and typed; it has the default category else."""
    if not form.settings.data or post.kind != Kind.POST:
        return
    known = {node.id for node in Tree.load(db())}
    chosen = [one for one in form.categories.data or [] if one in known]
    if form.new_category.data and form.new_category.data.strip() and user.can("manage_categories"):
        chosen.append(Term.named(db(), Taxonomy.CATEGORY, form.new_category.data).id)
    default = Options.read(db()).default_category_id
    post.set_terms(db(), Taxonomy.CATEGORY, chosen or ([default] if default in known else []))
    post.set_terms(db(), Taxonomy.TAG, [Term.named(db(), Taxonomy.TAG, name).id for name in form.tag_names()])


def hand_over(post: Post, form: PostForm, user: User) -> None:
    """Make it somebody else's, if that was asked for by whoever may."""
    author_id = form.author_id.data if form.settings.data and user.can(f"edit_others_{post.kind}s") else None
    author = db().get(User, author_id) if author_id and author_id != post.author_id else None
    if author is not None and author.can("edit_posts"):
        post.hand_over(db(), author)


def settle(post: Post, form: PostForm, user: User) -> str:
    """Bring the post to the state that was asked for along with saving; answers what was done, in a word."""
    asks = bool(request.form.get("publish"))
    if not post.may_be_published_by(user):
        # Whoever may not publish asks those who may.
        return _submit(post) if asks or request.form.get("review") else "saved"
    if not form.settings.data:
        return _show(post, None) if asks else "saved"
    at = _new_date(post, form)
    is_out = post.published or post.state in (State.FUTURE, State.PRIVATE)
    if form.visibility.data == State.PRIVATE and (asks or is_out):
        return _make_private(post, at)
    if asks or (is_out and (at or post.state == State.PRIVATE)):
        return _show(post, at or _planned(post))
    if request.form.get("review"):
        return _submit(post)
    if at:
        post.date(db(), at)
    return "saved"


def _new_date(post: Post, form: PostForm) -> datetime | None:
    """The date that was chosen, if it is another one; forms show minutes and no seconds."""
    at = form.moment(zone_of(Options.read(db())))
    same = at and post.published_at and timedelta() <= post.published_at - at < timedelta(minutes=1)
    return None if same else at


def _planned(post: Post) -> datetime | None:
    return post.published_at if not post.published and post.state != State.PRIVATE else None


def _show(post: Post, at: datetime | None) -> str:
    post.publish(db(), at)
    return "published" if post.published else "scheduled"


def _submit(post: Post) -> str:
    post.submit(db())
    return "submitted"


def _make_private(post: Post, at: datetime | None) -> str:
    if post.state != State.PRIVATE:
        post.make_private(db())
    if at:
        post.date(db(), at)
    return "private"


def image(picture: Attachment, alt: str) -> str:
    """How a body in HTML shows a picture, or leads to a document."""
    if not picture.is_picture:
        return picture.markdown() if picture.is_sound else f'<a href="{picture.url}">{escape(picture.label)}</a>'
    return f'<img src="/media/{picture.key}" alt="{escape(alt or picture.alt)}">'


def zone_of(options: Options) -> ZoneInfo:
    """The zone of the site's clock."""
    try:
        return ZoneInfo(options.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
