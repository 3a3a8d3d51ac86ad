"""The last steps of an answer: what is related is embedded, links are shown, and fields are chosen."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from apps.mywordpress.api.asked import Answer, Asked, Item, Link

# Loads all things of one kind at once: what is shown of each, by its key.
Loader = Callable[[Asked, Collection[Any]], Mapping[Any, Any]]
CURIES = [{"name": "wp", "href": "https://api.w.org/{rel}", "templated": True}]


def finished(asked: Asked, data: Answer, embed: Collection[str] | bool, loaders: Mapping[str, Loader]) -> Any:
    """The answer as JSON has it."""
    items = [data] if isinstance(data, Item) else data
    if not isinstance(items, list) or not all(isinstance(item, Item) for item in items):
        return _chosen(data, asked.fields)
    embedded = _embedded(asked, items, embed, loaders) if embed is not False else {}
    shown = [_chosen(_whole(item, embedded.get(id(item))), asked.fields) for item in items]
    return shown[0] if isinstance(data, Item) else shown


def linked(item: Item) -> dict[str, Any]:
    """The item with its links, as it is embedded in another one."""
    return _whole(item, None)


def embeds(value: Any) -> Collection[str] | bool:
    """What a client wants embedded: relations, or all of them."""
    if value in ("", "1", "true", "0", "false"):
        return True
    words = value if isinstance(value, list) else str(value).split(",")
    return {str(word).strip() for word in words} or True


def fields_of(value: Any) -> frozenset[str] | None:
    """The fields that a client wants, or None for all."""
    words = value if isinstance(value, list) else str(value or "").split(",")
    return frozenset(str(word).strip() for word in words if str(word).strip()) or None


def _whole(item: Item, embedded: Mapping[str, Any] | None) -> dict[str, Any]:
    whole = dict(item.data)
    if item.links:
        links: dict[str, Any] = {rel: [one.shown() for one in links] for rel, links in item.links.items()}
        if any(rel.startswith("wp:") for rel in links):
            links["curies"] = CURIES
        whole["_links"] = links
    if embedded:
        whole["_embedded"] = embedded
    return whole


def _embedded(
    asked: Asked, items: Iterable[Item], wanted: Collection[str] | bool, loaders: Mapping[str, Loader]
) -> dict[int, dict[str, Any]]:
    """What is embedded in each item, each kind of thing loaded once for all of them."""
    chosen = {id(item): _embeddable(item, wanted) for item in items}
    keys: dict[str, set[Any]] = {}
    for links in chosen.values():
        for one in (link for group in links.values() for link in group if link.embed):
            kind, key = one.embed or ("", None)
            keys.setdefault(kind, set()).add(key)
    within = asked.within("embed")
    within.fields = None
    loaded = {kind: loaders[kind](within, of_kind) for kind, of_kind in keys.items()}
    return {
        number: {rel: [_loaded(link, loaded) for link in group] for rel, group in links.items()}
        for number, links in chosen.items()
    }


def _embeddable(item: Item, wanted: Collection[str] | bool) -> dict[str, list[Link]]:
    return {
        rel: links
        for rel, links in item.links.items()
        if any(link.embed for link in links) and (isinstance(wanted, bool) or rel in wanted)
    }


def _loaded(link: Link, loaded: Mapping[str, Mapping[Any, Any]]) -> Any:
    kind, key = link.embed or ("", None)
    return loaded[kind].get(key, []) if kind else []


def _chosen(data: Any, fields: frozenset[str] | None) -> Any:
    if fields is None or not isinstance(data, dict):
        return data
    tree: dict[str, Any] = {}
    for name in fields:
        at = tree
        for part in name.split(".")[:6]:
            at = at.setdefault(part, {})
    return _cut(data, tree)


def _cut(value: Any, tree: Mapping[str, Any]) -> Any:
    if not tree:
        return value
    if isinstance(value, list):
        return [_cut(one, tree) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: _cut(one, tree[name]) for name, one in value.items() if name in tree}
