"""The writer's desk: posts as drafts and published, edited by whoever may."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Unauthorized

from apps.chassis.context import cache, db, reads_writer
from apps.chassis.errors import show as show_error
from apps.chassis.errors import wants_json
from apps.chassis.identifiers import number
from apps.mywordpress.accounts.guard import writer, writers_only
from apps.mywordpress.media.models import Picture, Upload
from apps.mywordpress.media.uploads import Refused, allow_uploads, keep, receive, uploaded
from apps.mywordpress.posts.forms import PostForm
from apps.mywordpress.posts.models import Content, EditConflict, Post, SlugTaken
from apps.mywordpress.posts.pages import forget
from apps.mywordpress.posts.rendering import picture_keys, render

posts = Blueprint("posts", __name__, url_prefix="/posts")
posts.before_request(allow_uploads)

PER_PAGE = 30
SLUG_TAKEN = "Another post has this address already."


@posts.get("")
@writers_only
def index() -> ResponseReturnValue:
    found = Post.of_writer(db(), writer(), before=request.args.get("before", type=number), limit=PER_PAGE + 1)
    older = found[PER_PAGE - 1].id if len(found) > PER_PAGE else None
    return render_template("mywordpress/posts/index.html", posts=found[:PER_PAGE], older=older)


@posts.get("/new")
@writers_only
def new() -> ResponseReturnValue:
    writer()
    return render_template("mywordpress/posts/edit.html", form=PostForm(), post=None)


@posts.post("")
@writers_only
def create() -> ResponseReturnValue:
    form = PostForm(request.form)
    if not form.validate():
        return render_template("mywordpress/posts/edit.html", form=form, post=None), 422
    try:
        upload = received()
        post = Post.draft(db(), writer(), content_of(form, upload))
    except Refused as refused:
        return edit_again(form, None, refused)
    return saved(post, post.slug)


@posts.get("/<int:post_id>")
@writers_only
def show(post_id: int) -> ResponseReturnValue:
    post = own(post_id)
    if post.published:
        return redirect(post.path, 303)
    return render_template("mywordpress/posts/show.html", title=post.title, html=post.html, post=post)


@posts.get("/<int:post_id>/edit")
@reads_writer
@writers_only
def edit(post_id: int) -> ResponseReturnValue:
    post = own(post_id)
    return render_template("mywordpress/posts/edit.html", form=PostForm(obj=post), post=post)


@posts.post("/<int:post_id>")
@writers_only
def update(post_id: int) -> ResponseReturnValue:
    form = PostForm(request.form)
    try:
        upload = received() if form.validate() else None
    except Refused as refused:
        return edit_again(form, own(post_id), refused)
    post = own(post_id)
    if form.errors or form.version.data is None:
        return render_template("mywordpress/posts/edit.html", form=form, post=post), 422
    old_slug = post.slug
    try:
        post.revise(db(), content_of(form, upload), form.version.data)
    except EditConflict as conflict:
        return render_template("mywordpress/posts/conflict.html", form=form, post=conflict.current), 409
    except SlugTaken:
        form.slug.errors = [SLUG_TAKEN]
        return render_template("mywordpress/posts/edit.html", form=form, post=own(post_id)), 422
    return saved(post, old_slug, post.slug)


@posts.post("/<int:post_id>/deletion")
@writers_only
def destroy(post_id: int) -> ResponseReturnValue:
    post = own(post_id)
    forget(cache(), post.slug)
    post.delete(db())
    return redirect(url_for("posts.index", done="deleted"), 303)


@posts.post("/<int:post_id>/publication")
@writers_only
def create_publication(post_id: int) -> ResponseReturnValue:
    post = own(post_id)
    post.publish(db())
    forget(cache(), post.slug)
    return redirect(post.path, 303)


@posts.post("/<int:post_id>/publication/deletion")
@writers_only
def destroy_publication(post_id: int) -> ResponseReturnValue:
    post = own(post_id)
    post.unpublish(db())
    forget(cache(), post.slug)
    return redirect(url_for("posts.edit", post_id=post.id, done="unpublished"), 303)


@posts.post("/preview")
@writers_only
def preview() -> ResponseReturnValue:
    """The post as it would look, from what is in the form; nothing is stored."""
    writer()
    form = PostForm(request.form)
    if not form.validate():
        return render_template("mywordpress/posts/edit.html", form=form, post=None), 422
    content = form.content()
    rendered = render(content.body, Picture.with_keys(db(), picture_keys(content.body)))
    return render_template("mywordpress/posts/show.html", title=content.title, html=rendered.html, post=None)


@posts.errorhandler(401)
def keep_words(error: Unauthorized) -> ResponseReturnValue:
    """What was written, with the way to sign in beside it: a session that ends must not cost a text."""
    if request.endpoint not in ("posts.create", "posts.update") or wants_json():
        return show_error(error)
    return render_template("mywordpress/posts/signed_out.html", form=PostForm(request.form)), 401


def own(post_id: int) -> Post:
    """The post, if this writer may change it."""
    post = db().get(Post, post_id)
    if post is None:
        abort(404, "There is no such post.")
    if not post.may_be_changed_by(writer()):
        abort(403, "This post belongs to another author.")
    return post


def received() -> Upload | None:
    """The picture that was sent along, checked and stored, if one was; raises Refused."""
    file = uploaded()
    return receive(file) if file else None


def content_of(form: PostForm, upload: Upload | None) -> Content:
    """What was written, with the picture that was sent along at its end."""
    if upload is None:
        return form.content()
    alt = form.alt.data or ""
    return form.content(keep(upload, writer(), alt).markdown(alt))


def edit_again(form: PostForm, post: Post | None, refused: Refused) -> ResponseReturnValue:
    """The editor with everything that was typed, and why the picture was not taken."""
    form.file.errors = [refused.reason]
    return render_template("mywordpress/posts/edit.html", form=form, post=post), refused.status


def saved(post: Post, *slugs: str) -> ResponseReturnValue:
    """Publish if that was asked for along with saving, and go on where the writer left off."""
    forget(cache(), *slugs)
    if request.form.get("publish"):
        post.publish(db())
        return redirect(post.path, 303)
    return redirect(url_for("posts.edit", post_id=post.id, done="saved"), 303)
