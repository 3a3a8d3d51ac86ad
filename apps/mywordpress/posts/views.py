"""The writer's desk: posts and pages listed, written and saved by whoever may."""

from flask import Blueprint, abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Conflict, Unauthorized

from apps.chassis.context import db, reads_writer
from apps.chassis.errors import show as show_error
from apps.chassis.errors import wants_json
from apps.chassis.identifiers import number
from apps.chassis.languages import gettext as _
from apps.chassis.languages import with_lang
from apps.mywordpress.accounts.guard import writer, writers_only
from apps.mywordpress.accounts.models import User
from apps.mywordpress.freshness import changed
from apps.mywordpress.media.models import Upload
from apps.mywordpress.media.uploads import Refused, allow_uploads, keep, receive, uploaded
from apps.mywordpress.options.models import Options
from apps.mywordpress.posts.addresses import ImpossibleParent
from apps.mywordpress.posts.columns import Format, Kind, State
from apps.mywordpress.posts.differences import difference
from apps.mywordpress.posts.editor import (
    blank,
    bring_back,
    content_of,
    editor,
    file,
    hand_over,
    image,
    kind_of,
    settle,
    zone_of,
)
from apps.mywordpress.posts.forms import PostForm
from apps.mywordpress.posts.history import Autosave, EditLock
from apps.mywordpress.posts.lists import STATUSES, Wanted, counts
from apps.mywordpress.posts.markup import Library, render_body
from apps.mywordpress.posts.models import EditConflict, Post, SlugTaken
from apps.mywordpress.posts.parts import pages_of
from apps.mywordpress.posts.rendering import clean_text
from apps.mywordpress.posts.states import InTrash
from apps.mywordpress.terms.trees import Tree

posts = Blueprint("posts", __name__, url_prefix="/posts")
posts.before_request(allow_uploads)
pages = Blueprint("pages", __name__, url_prefix="/pages")

PER_PAGE = 30


@posts.get("")
@writers_only
def index() -> ResponseReturnValue:
    return listed(Kind.POST)


@pages.get("", endpoint="index")
@writers_only
def index_pages() -> ResponseReturnValue:
    return listed(Kind.PAGE)


@posts.get("/new")
@writers_only
def new() -> ResponseReturnValue:
    form = PostForm(kind=request.args.get("kind", Kind.POST))
    user = allowed(kind_of(form))
    # Pages are mostly no place to talk.
    form.comments_open.data = kind_of(form) == Kind.POST and blank().comments_open
    return editor(form, None, user)


@posts.post("")
@writers_only
def create() -> ResponseReturnValue:
    form = PostForm(request.form)
    if not form.validate():
        return refused(form, None, 422)
    try:
        upload = received()
    except Refused as refusal:
        return without_picture(form, None, refusal)
    user = allowed(kind_of(form))
    try:
        content = content_of(form, blank(), user, appended(form, upload, user))
        post = Post.draft(db(), user, content, kind_of(form))
    except ImpossibleParent:
        return misplaced(form, None)
    return saved(post, form, user)


@posts.get("/<int:post_id>")
@reads_writer
@writers_only
def show(post_id: int) -> ResponseReturnValue:
    post = db().get(Post, post_id)
    if post is None:
        abort(404, _("There is no such post."))
    if not post.may_be_read_by(writer()):
        abort(403, _("This post belongs to another author."))
    if post.published:
        return redirect(with_lang(post.path), 303)
    may_publish = post.may_be_published_by(writer())
    return render_template(
        "mywordpress/posts/show.html", title=post.title, parts=post.parts, post=post, may_publish=may_publish
    )


@posts.get("/<int:post_id>/edit")
@reads_writer
@writers_only
def edit(post_id: int) -> ResponseReturnValue:
    post, user = own(post_id), writer()
    if post.state == State.TRASH:
        return redirect(url_for("posts.show", post_id=post.id), 303)
    form = PostForm(obj=post)
    form.show_state(post, zone_of(Options.read(db())))
    kept = Autosave.of(db(), post.id, user.id) if "autosave" in request.args else None
    if kept is None:
        return editor(form, post, user)
    bring_back(form, kept)
    return editor(form, post, user, autosave=None, brought_back=True)


@posts.post("/<int:post_id>")
@writers_only
def update(post_id: int) -> ResponseReturnValue:
    form = PostForm(request.form)
    try:
        upload = received() if form.validate() else None
    except Refused as refusal:
        return without_picture(form, own(post_id), refusal)
    post, user = own(post_id), writer()
    was_seen = post.is_seen
    if form.errors or form.version.data is None:
        return refused(form, post, 422)
    try:
        content = content_of(form, post.content, user, appended(form, upload, user))
        post.revise(db(), content, form.version.data, user)
    except EditConflict as conflict:
        current = conflict.current
        lines = difference(current.body, content.body)
        return render_template("mywordpress/posts/conflict.html", form=form, post=current, lines=lines), 409
    except SlugTaken:
        form.slug.errors = [_("Another post has this address already.")]
        return refused(form, own(post_id), 422)
    except ImpossibleParent:
        return misplaced(form, own(post_id))
    return saved(post, form, user, was_seen)


@posts.post("/preview")
@writers_only
def preview() -> ResponseReturnValue:
    """The post as it would look, from what is in the form; nothing is stored."""
    user = writer()
    form = PostForm(request.form)
    form.title.validators = form.title.validators[1:] if wants_json() else form.title.validators
    if not form.validate():
        if wants_json():
            abort(422, " ".join(error for field in form for error in field.errors))
        return refused(form, None, 422)
    body = clean_text(form.body.data or "")
    rendered = render_body(body, form.format.data or Format.MARKDOWN, Library.of(db(), body, None))
    if wants_json():
        return jsonify(html=rendered.html, minutes=rendered.minutes, summary=rendered.summary)
    parts = pages_of(rendered.html)
    return render_template("mywordpress/posts/show.html", title=form.title.data, parts=parts, post=None, user=user)


@posts.errorhandler(401)
def keep_words(error: Unauthorized) -> ResponseReturnValue:
    """What was written, with the way to sign in beside it: a session that ends must not cost a text."""
    if request.endpoint not in ("posts.create", "posts.update") or wants_json():
        return show_error(error)
    return render_template("mywordpress/posts/signed_out.html", form=PostForm(request.form)), 401


@posts.errorhandler(InTrash)
def keep_out(error: InTrash) -> ResponseReturnValue:
    """Nothing is saved into the trash."""
    return show_error(Conflict(_("This post is in the trash. Restore it first; nothing has been changed.")))


def listed(kind: Kind) -> ResponseReturnValue:
    """The list of a kind, narrowed down by what the address asks for."""
    user, asked = allowed(kind), request.args
    status = asked.get("status", "")
    wanted = Wanted(
        kind,
        status if status in STATUSES else "",
        asked.get("q", "")[:100],
        asked.get("author", type=number),
        asked.get("term", type=number),
        asked.get("month", ""),
    )
    page = wanted.page(db(), user, asked.get("before", type=number), PER_PAGE)
    context = {
        "counts": counts(db(), user, kind),
        "open_by": EditLock.others(db(), [post.id for post in page.items], user.id),
        "tree": list(Tree.load(db())) if kind == Kind.POST else [],
        "authors": User.everybody(db()) if user.can(f"edit_others_{kind}s") else [],
        "zone": zone_of(Options.read(db())),
        "count": asked.get("count", 1, type=number),
        "undo": asked.get("undo", type=number),
    }
    return render_template("mywordpress/posts/index.html", page=page, wanted=wanted, user=user, **context)


def allowed(kind: Kind) -> User:
    """The writer, if they may write such a thing at all."""
    user = writer()
    if not user.can(f"edit_{kind}s"):
        abort(403, _("Your account may read here, and not write."))
    return user


def own(post_id: int) -> Post:
    """The post, if this writer may change it."""
    post = db().get(Post, post_id)
    if post is None:
        abort(404, _("There is no such post."))
    if not post.may_be_edited_by(writer()):
        abort(403, _("This post belongs to another author."))
    return post


def received() -> Upload | None:
    """The picture that was sent along, checked and stored, if one was; raises Refused."""
    sent = uploaded()
    return receive(sent) if sent else None


def appended(form: PostForm, upload: Upload | None, user: User) -> str:
    """What shows the picture that was sent along."""
    if upload is None:
        return ""
    if not user.can("upload_files"):
        abort(403, _("Your account may not add pictures."))
    alt = form.alt.data or ""
    picture = keep(upload, user, alt)
    return image(picture, alt) if form.format.data == Format.HTML else picture.markdown(alt)


def refused(form: PostForm, post: Post | None, status: int) -> ResponseReturnValue:
    """The editor with everything that was typed, and what is wrong with it."""
    if wants_json():
        abort(status, " ".join(error for field in form for error in field.errors))
    return editor(form, post, writer(), status)


def without_picture(form: PostForm, post: Post | None, refusal: Refused) -> ResponseReturnValue:
    """The same, since the picture was not taken."""
    form.file.errors = [refusal.reason]
    return refused(form, post, refusal.status)


def misplaced(form: PostForm, post: Post | None) -> ResponseReturnValue:
    """The same, since the page cannot stand there."""
    form.parent_id.errors = [_("A page cannot stand below itself, nor below what is no page.")]
    return refused(form, post, 422)


def saved(post: Post, form: PostForm, user: User, was_seen: bool = False) -> ResponseReturnValue:
    """File it, publish it if that was asked for along with saving, and go on where the writer left off."""
    file(post, form, user)
    hand_over(post, form, user)
    done = settle(post, form, user)
    # What readers have is out of date, unless all of this is between writers.
    if was_seen or post.is_seen:
        changed()
    if wants_json():
        edit_url = url_for("posts.edit", post_id=post.id)
        return jsonify(
            id=post.id, version=post.version, url=url_for("posts.update", post_id=post.id), edit=edit_url
        ), 201
    if request.form.get("publish") and post.published:
        return redirect(with_lang(post.path), 303)
    if not post.may_be_edited_by(user):
        return redirect(url_for("posts.index", done=done), 303)
    return redirect(url_for("posts.edit", post_id=post.id, done=done), 303)
