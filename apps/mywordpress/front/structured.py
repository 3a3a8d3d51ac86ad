"""What search engines read of a page, in the words of schema.org."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from apps.mywordpress.front.answers import Crumb
from apps.mywordpress.options.models import Options
from apps.mywordpress.posts.models import Post

CONTEXT = "https://schema.org"


def of_site(origin: str, decided: Options) -> list[dict[str, Any]]:
    """The journal itself, and how to search in it."""
    target = {"@type": "EntryPoint", "urlTemplate": f"{origin}/search?q={{words}}"}
    search = {"@type": "SearchAction", "target": target, "query-input": "required name=words"}
    names = {"name": decided.title, "description": decided.tagline, "url": f"{origin}/"}
    return [{"@context": CONTEXT, "@type": "WebSite", **names, "potentialAction": search}]


def of_post(origin: str, decided: Options, post: Post) -> list[dict[str, Any]]:
    """A post, who wrote it, and when."""
    assert post.published_at is not None
    author = {"@type": "Person", "name": post.author.name, "url": f"{origin}/author/{quote(post.author.nicename)}/"}
    found = {
        "@context": CONTEXT,
        "@type": "BlogPosting",
        "headline": post.title,
        "url": origin + quote(post.path),
        "mainEntityOfPage": origin + quote(post.path),
        "datePublished": post.published_at.isoformat(),
        "dateModified": max(post.updated_at, post.published_at).isoformat(),
        "author": author,
        "publisher": {"@type": "Organization", "name": decided.title, "url": f"{origin}/"},
    }
    # What is behind a password is told to nobody who stands before it.
    told = {} if post.password else {"description": post.summary}
    pictures = {} if post.cover is None or post.password else {"image": [origin + post.cover.src]}
    return [found | told | pictures]


def of_page(origin: str, post: Post, crumbs: Sequence[Crumb]) -> list[dict[str, Any]]:
    """The pages that lead to this one, and this one."""
    if not crumbs:
        return []
    trail = [*crumbs, Crumb(post.title, post.path)]
    items = [
        {"@type": "ListItem", "position": place, "name": crumb.name, "item": origin + quote(crumb.path)}
        for place, crumb in enumerate(trail, start=1)
    ]
    return [{"@context": CONTEXT, "@type": "BreadcrumbList", "itemListElement": items}]
