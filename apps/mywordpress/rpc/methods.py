"""The table of all methods: what each is called, what does it, and what it takes in which order."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from apps.mywordpress.rpc import (
    blogger,
    comments,
    decisions,
    kinds,
    media,
    metaweblog,
    movabletype,
    pages,
    posts,
    system,
    terms,
    users,
)
from apps.mywordpress.rpc.parameters import (
    BLOG,
    CONTENT,
    FIELDS,
    FILTER,
    KEY,
    LOGIN,
    POST,
    PUBLISH,
    REPUBLISH,
    Parameter,
    anything,
    array,
    number,
    text,
    texts,
)

MULTICALL = "system.multicall"
COUNT = Parameter("number", number, 0)
TEXT = Parameter("content", text)
PAGE, REVISION = Parameter("page_id", number), Parameter("revision_id", number)
TAXONOMY, TERM = Parameter("taxonomy", text), Parameter("term_id", number)
COMMENT, USER, FILE = Parameter("comment_id", number), Parameter("user_id", number), Parameter("attachment_id", number)


@dataclass(frozen=True, slots=True)
class Method:
    """What does it, and the places of what it takes; `takes_file` has the bytes of `content` stored beforehand."""

    run: Callable[..., Any]
    takes: tuple[Parameter, ...] = ()
    takes_file: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it needs no name and password."""
        return LOGIN[0] not in self.takes


def _wp() -> "Iterator[tuple[str, Method]]":
    """What takes a blog's number, a name and a password first."""
    for name, run, takes in (
        ("getPost", posts.show, (POST, FIELDS)),
        ("getPosts", posts.index, (FILTER, FIELDS)),
        ("newPost", posts.make, (CONTENT,)),
        ("editPost", posts.edit, (POST, CONTENT)),
        ("deletePost", posts.delete, (POST,)),
        ("getRevisions", posts.revisions, (POST, FIELDS)),
        ("restoreRevision", posts.restore, (REVISION,)),
        ("getPostType", kinds.type, (Parameter("post_type_name", text), FIELDS)),
        ("getPostTypes", kinds.types, (FILTER, FIELDS)),
        ("getPostStatusList", kinds.statuses, ()),
        ("getPostFormats", kinds.formats, (FILTER,)),
        ("getPages", pages.index, (COUNT,)),
        ("newPage", pages.make, (CONTENT, PUBLISH)),
        ("deletePage", pages.delete, (PAGE,)),
        ("getPageList", pages.names, ()),
        ("getPageStatusList", pages.statuses, ()),
        ("getPageTemplates", pages.templates, ()),
        ("getTaxonomies", terms.taxonomies, (FILTER, FIELDS)),
        ("getTaxonomy", terms.taxonomy, (TAXONOMY, FIELDS)),
        ("getTerms", terms.index, (TAXONOMY, FILTER)),
        ("getTerm", terms.show, (TAXONOMY, TERM)),
        ("newTerm", terms.make, (CONTENT,)),
        ("editTerm", terms.edit, (TERM, CONTENT)),
        ("deleteTerm", terms.delete, (TAXONOMY, TERM)),
        ("getCategories", terms.categories, ()),
        ("getTags", terms.tags, ()),
        ("newCategory", terms.make_category, (CONTENT,)),
        ("deleteCategory", terms.delete_category, (TERM,)),
        ("suggestCategories", terms.suggest, (Parameter("category", text), COUNT)),
        ("getMediaLibrary", media.index, (FILTER,)),
        ("getMediaItem", media.show, (FILE,)),
        ("deleteFile", media.delete, (FILE,)),
        ("getComments", comments.index, (FILTER,)),
        ("getComment", comments.show, (COMMENT,)),
        ("getCommentCount", comments.counts, (POST,)),
        ("newComment", comments.make, (Parameter("post", anything), CONTENT)),
        ("editComment", comments.edit, (COMMENT, CONTENT)),
        ("deleteComment", comments.delete, (COMMENT,)),
        ("getCommentStatusList", comments.statuses, ()),
        ("getUsers", users.index, (FILTER, FIELDS)),
        ("getUser", users.show, (USER, FIELDS)),
        ("getProfile", users.profile, (FIELDS,)),
        ("editProfile", users.edit, (CONTENT,)),
        ("getAuthors", users.authors, ()),
        ("getOptions", decisions.index, (Parameter("options", texts, list),)),
        ("setOptions", decisions.update, (CONTENT,)),
    ):
        yield f"wp.{name}", Method(run, (BLOG, *LOGIN, *takes))


UPLOAD = Method(media.make, (BLOG, *LOGIN, CONTENT), takes_file=True)
BLOGS = Method(blogger.blogs, (KEY, *LOGIN))
DELETION = Method(blogger.delete, (KEY, POST, *LOGIN, REPUBLISH))

METHODS: dict[str, Method] = {
    **dict(_wp()),
    "wp.getUsersBlogs": Method(blogger.blogs, LOGIN),
    "wp.getPage": Method(pages.show, (BLOG, PAGE, *LOGIN)),
    "wp.editPage": Method(pages.edit, (BLOG, PAGE, *LOGIN, CONTENT, PUBLISH)),
    "wp.uploadFile": UPLOAD,
    "metaWeblog.newPost": Method(metaweblog.make, (BLOG, *LOGIN, CONTENT, PUBLISH)),
    "metaWeblog.editPost": Method(metaweblog.edit, (POST, *LOGIN, CONTENT, PUBLISH)),
    "metaWeblog.getPost": Method(metaweblog.show, (POST, *LOGIN)),
    "metaWeblog.getRecentPosts": Method(metaweblog.index, (BLOG, *LOGIN, COUNT)),
    "metaWeblog.getCategories": Method(terms.categories, (BLOG, *LOGIN)),
    "metaWeblog.newMediaObject": UPLOAD,
    "metaWeblog.deletePost": DELETION,
    "metaWeblog.getUsersBlogs": BLOGS,
    "blogger.getUsersBlogs": BLOGS,
    "blogger.getUserInfo": Method(blogger.whoami, (KEY, *LOGIN)),
    "blogger.getPost": Method(blogger.show, (KEY, POST, *LOGIN)),
    "blogger.getRecentPosts": Method(blogger.index, (KEY, BLOG, *LOGIN, COUNT)),
    "blogger.newPost": Method(blogger.make, (KEY, BLOG, *LOGIN, TEXT, PUBLISH)),
    "blogger.editPost": Method(blogger.edit, (KEY, POST, *LOGIN, TEXT, PUBLISH)),
    "blogger.deletePost": DELETION,
    "mt.getCategoryList": Method(movabletype.categories, (BLOG, *LOGIN)),
    "mt.getRecentPostTitles": Method(movabletype.titles, (BLOG, *LOGIN, COUNT)),
    "mt.getPostCategories": Method(movabletype.categories_of, (POST, *LOGIN)),
    "mt.setPostCategories": Method(movabletype.file, (POST, *LOGIN, Parameter("categories", array))),
    "mt.publishPost": Method(movabletype.publish, (POST, *LOGIN)),
    "mt.supportedMethods": Method(system.names),
    "mt.supportedTextFilters": Method(movabletype.filters),
    "mt.getTrackbackPings": Method(movabletype.trackbacks, (POST,)),
    "system.listMethods": Method(system.names),
    "system.getCapabilities": Method(system.capabilities),
    "pingback.ping": Method(system.ping, (Parameter("source", text), Parameter("target", text))),
    "demo.sayHello": Method(system.hello),
    "demo.addTwoNumbers": Method(system.add, (Parameter("first", number), Parameter("second", number))),
}
