"""One request as the resources see it, and what they answer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.orm import Session

from apps.mywordpress.accounts.models import User
from apps.mywordpress.api.errors import ApiError
from apps.mywordpress.options.models import Options

ROOT = "/wp-json"
V2 = "/wp/v2"


@dataclass(frozen=True, slots=True)
class Link:
    """Where something related is; `embed` names a loader and what it is to load, if that may come along."""

    href: str
    embed: tuple[str, Any] | None = None
    more: Mapping[str, Any] = field(default_factory=dict)

    def shown(self) -> dict[str, Any]:
        """As it stands among `_links`."""
        return {**({"embeddable": True} if self.embed else {}), **self.more, "href": self.href}


@dataclass(slots=True)
class Item:
    """One thing: its fields, and its links by relation."""

    data: dict[str, Any]
    links: dict[str, list[Link]] = field(default_factory=dict)


Answer = Item | list[Item] | dict[str, Any] | list[Any]


@dataclass(slots=True)
class Reply:
    """An answer, before fields are chosen and links embedded."""

    data: Answer
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Asked:
    """Who asks for what. `params` holds what is known of the parameters; `given` all that was sent."""

    db: Session
    user: User | None
    origin: str
    method: str
    path: str
    given: Mapping[str, Any] = field(default_factory=dict)
    params: Mapping[str, Any] = field(default_factory=dict)
    query: Sequence[tuple[str, str]] = ()
    fields: frozenset[str] | None = None
    context: str = "view"
    # What was loaded for all things of a list at once, by the name of what it is.
    loaded: dict[str, Any] = field(default_factory=dict)
    _options: list[Options] = field(default_factory=list)

    def __getitem__(self, name: str) -> Any:
        """A parameter, or None if it was not given and has no default."""
        return self.params.get(name)

    def has(self, name: str) -> bool:
        """Whether this parameter was sent."""
        return name in self.given

    def can(self, capability: str) -> bool:
        return self.user is not None and self.user.can(capability)

    @property
    def options(self) -> Options:
        """The site's decisions, read once."""
        if not self._options:
            self._options.append(Options.read(self.db))
        return self._options[0]

    def url(self, path: str) -> str:
        """The whole address of a path of this site."""
        return path if "://" in path else self.origin + path

    def api(self, path: str) -> str:
        """The whole address of a route."""
        return f"{self.origin}{ROOT}{V2}{path}"

    def within(self, context: str) -> "Asked":
        """The same request, answered in another context; what was loaded is shared."""
        return replace(self, context=context)

    def wants(self, name: str) -> bool:
        """Whether the client wants this field of the top level."""
        return self.fields is None or any(one == name or one.startswith(f"{name}.") for one in self.fields)


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a resource: in which contexts it is shown, how it is read, whether it may be sent."""

    name: str
    schema: Mapping[str, Any]
    read: Callable[[Asked, Any], Any]
    contexts: str = "view edit embed"
    writable: bool = False

    def described(self) -> dict[str, Any]:
        """Its schema, with where it is shown."""
        return {**self.schema, "context": self.contexts.split(), **({} if self.writable else {"readonly": True})}


@dataclass(frozen=True, slots=True)
class Resource:
    """A kind of thing: its fields in the order in which they are answered."""

    title: str
    fields: tuple[Field, ...]

    def show(self, asked: Asked, thing: Any) -> dict[str, Any]:
        """The fields of this thing that the context has and the client wants."""
        return {
            one.name: within(one.read(asked, thing), one.schema, asked.context)
            for one in self.fields
            if asked.context in one.contexts and asked.wants(one.name)
        }

    def schema(self) -> dict[str, Any]:
        """The whole as JSON Schema."""
        return {
            "$schema": "http://json-schema.org/draft-04/schema#",
            "title": self.title,
            "type": "object",
            "properties": {one.name: one.described() for one in self.fields},
        }

    def writable(self, *required: str) -> dict[str, Mapping[str, Any]]:
        """The parameters of whoever makes or changes one."""
        return {
            one.name: {**one.schema, "required": True} if one.name in required else one.schema
            for one in self.fields
            if one.writable
        }


def within(value: Any, schema: Mapping[str, Any], context: str) -> Any:
    """The parts of a value that the context has."""
    parts = schema.get("properties")
    if not parts or not isinstance(value, dict):
        return value
    return {name: one for name, one in value.items() if context in parts.get(name, {}).get("context", (context,))}


def with_items(items: Sequence[Item], headers: dict[str, str] | None = None) -> Reply:
    return Reply(list(items), 200, headers or {})


def deleted(previous: Item) -> Reply:
    """What was deleted for good, as it was."""
    return Reply({"deleted": True, "previous": previous.data})


def found(db: Session, kind: type[Any], number: int, error: ApiError) -> Any:
    """The row of this number; raises the error if there is none."""
    return (db.get(kind, number) if number > 0 else None) or _raise(error)


def _raise(error: ApiError) -> Any:
    raise error
