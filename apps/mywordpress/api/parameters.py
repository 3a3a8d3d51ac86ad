"""What came with a request, in whichever of the ways that clients of WordPress send it."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

from flask import Request

from apps.mywordpress.api.errors import ApiError, invalid_parameters, missing_parameters
from apps.mywordpress.api.schema import Invalid, Schema, checked

JSON_TYPE = re.compile(r"application/([a-z0-9.+-]*\+)?json", re.ASCII)
KEY = re.compile(r"[^\[\]]{1,100}")
PART = re.compile(r"\[([^\[\]]{0,100})\]")
PARTS = re.compile(f"(?:{PART.pattern})*")
MOST_PARTS = 5
MOST_GIVEN = 1_000


def given(asked: Request) -> dict[str, Any]:
    """Parameters of the query and the body, the body's first; raises ApiError for JSON that is none."""
    return {**nested(asked.args.items(multi=True)), **_body(asked)}


def _body(asked: Request) -> Mapping[str, Any]:
    if asked.method in ("GET", "HEAD", "OPTIONS"):
        return {}
    if JSON_TYPE.fullmatch(asked.mimetype):
        return _json(asked.get_data())
    return nested(asked.form.items(multi=True))


def _json(data: bytes) -> Mapping[str, Any]:
    if not data.strip():
        return {}
    try:
        found = json.loads(data, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise ApiError(
            "rest_invalid_json",
            "Invalid JSON body passed.",
            400,
            json_error_code=4,
            json_error_message="Syntax error",
        ) from None
    return found if isinstance(found, dict) else {}


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def nested(items: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Names as PHP reads them: `a[]=1&a[]=2` is a list, `a[b]=c` an object; of a plain name that comes twice, the
    last counts."""
    found: dict[str, Any] = {}
    for number, (name, value) in enumerate(items):
        key = KEY.match(name)
        if key is None or number >= MOST_GIVEN or not PARTS.fullmatch(name, key.end()):
            continue
        parts = PART.findall(name, key.end())[:MOST_PARTS]
        _put(found, [key.group(), *parts], value)
    return {key: _lists(value) for key, value in found.items()}


def _put(into: dict[str, Any], path: list[str], value: str) -> None:
    for at, part in enumerate(path):
        key = part or str(len(into))
        if at == len(path) - 1:
            into[key] = value
            return
        if not isinstance(into.get(key), dict):
            into[key] = {}
        into = into[key]


def _lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    values = [_lists(one) for one in value.values()]
    if all(key.isdecimal() for key in value):
        return values
    return dict(zip(value, values, strict=True))


def validated(given: Mapping[str, Any], args: Mapping[str, Schema]) -> dict[str, Any]:
    """The parameters that are known, in their types, with defaults for what was not given; raises ApiError.

    What nobody knows is left out, as WordPress does.
    """
    missing = [name for name, schema in args.items() if schema.get("required") and name not in given]
    if missing:
        raise missing_parameters(missing)
    found: dict[str, Any] = {}
    wrong: dict[str, Invalid] = {}
    for name, schema in args.items():
        if name in given:
            try:
                found[name] = checked(given[name], schema, name)
            except Invalid as error:
                wrong[name] = error
        elif "default" in schema:
            found[name] = schema["default"]
    if wrong:
        details = {name: {"code": one.code, "message": one.message, "data": one.data} for name, one in wrong.items()}
        raise invalid_parameters({name: one.message for name, one in wrong.items()}, details)
    return found
