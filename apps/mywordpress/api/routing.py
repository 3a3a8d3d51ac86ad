"""Routes: which address takes which methods with which parameters, as WordPress writes them down."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from apps.mywordpress.api.asked import ROOT, V2, Asked, Reply, Resource
from apps.mywordpress.api.errors import ApiError
from apps.mywordpress.api.schema import Schema, boolean, integer, public, string

GET, POST, EDIT, DELETE = ("GET",), ("POST",), ("POST", "PUT", "PATCH"), ("DELETE",)
EVERYBODY: Callable[[Asked], object] = lambda asked: None  # noqa: E731
CONTEXT: Schema = string("Scope under which the request is made.", enum=["view", "embed", "edit"], default="view")
ONE: Mapping[str, Schema] = {"context": CONTEXT}
FORCE: Mapping[str, Schema] = {"force": boolean("Whether to bypass the trash.", default=False)}
ID: Mapping[str, Schema] = {"id": integer("Unique identifier.")}
BY_ID = r"(?P<id>[\d]+)"


@dataclass(frozen=True)
class Endpoint:
    """What one or more methods do. `allowed` raises ApiError for whoever may not."""

    methods: tuple[str, ...]
    run: Callable[[Asked], Reply]
    args: Mapping[str, Schema] = field(default_factory=dict)
    allowed: Callable[[Asked], object] = EVERYBODY

    def described(self) -> dict[str, Any]:
        return {"methods": list(self.methods), "args": {name: public(one) for name, one in self.args.items()}}


@dataclass(frozen=True)
class Route:
    """An address, with the parameters that stand in it."""

    pattern: str
    endpoints: tuple[Endpoint, ...]
    resource: Resource | None = None
    args: Mapping[str, Schema] = field(default_factory=dict)
    namespace: str = V2[1:]
    takes_files: bool = False

    @cached_property
    def regex(self) -> re.Pattern[str]:
        return re.compile(self.pattern, re.ASCII | re.IGNORECASE)

    def endpoint(self, method: str) -> Endpoint | None:
        return next((one for one in self.endpoints if method in one.methods), None)

    def described(self, origin: str) -> dict[str, Any]:
        """As the index lists it."""
        methods = [method for one in self.endpoints for method in one.methods]
        described: dict[str, Any] = {
            "namespace": self.namespace,
            "methods": methods,
            "endpoints": [
                {**one.described(), "args": {**{k: public(v) for k, v in self.args.items()}, **one.described()["args"]}}
                for one in self.endpoints
            ],
        }
        if "(?P<" not in self.pattern:
            described["_links"] = {"self": [{"href": f"{origin}{ROOT}{self.pattern}"}]}
        return described

    def options(self, origin: str) -> dict[str, Any]:
        """As OPTIONS tells."""
        schema = {"schema": public(self.resource.schema())} if self.resource else {}
        return {**self.described(origin), **schema}

    def allows(self, asked: Asked, used: Endpoint | None = None) -> str:
        """The methods that whoever asks may use here, as the Allow header lists them; those of `used` were allowed."""
        # By the address alone: what was sent for one method means something else to another.
        bare = replace(asked, params={name: asked[name] for name in self.args})
        methods = [method for one in self.endpoints if one is used or _may(one, bare) for method in one.methods]
        return ", ".join(dict.fromkeys(methods))


def _may(endpoint: Endpoint, asked: Asked) -> bool:
    try:
        endpoint.allowed(asked)
    except ApiError:
        return False
    return True


def routed(routes: Sequence[Route], path: str) -> tuple[Route, dict[str, str]] | None:
    """The route of a path, and what of its parameters stands in it."""
    for route in routes:
        found = route.regex.fullmatch(path)
        if found:
            return route, found.groupdict()
    return None
