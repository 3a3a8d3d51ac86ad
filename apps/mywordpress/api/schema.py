"""Schemas of fields and parameters: JSON Schema as far as WordPress uses it, and values brought into its types."""

import ipaddress
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from apps.chassis.identifiers import LARGEST
from apps.chassis.people import is_email
from apps.mywordpress.posts.rendering import UNWRITABLE

Schema = Mapping[str, Any]

DATE = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}(?::?\d{2})?)?", re.ASCII)
NUMBER = re.compile(r"\s*[+-]?\d{1,30}(\.\d{1,30})?\s*", re.ASCII)
LIST = re.compile(r"[\s,]+")
MOST_ITEMS = 1_000
# What a schema holds for us alone, and no client is told.
CHECK = "check"


class Invalid(Exception):
    """A value that its schema refuses."""

    def __init__(self, code: str, message: str, data: Any = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.data = data


def integer(description: str = "", **more: Any) -> Schema:
    return {"description": description, "type": "integer", **more}


def boolean(description: str = "", **more: Any) -> Schema:
    return {"description": description, "type": "boolean", **more}


def string(description: str = "", **more: Any) -> Schema:
    return {"description": description, "type": "string", **more}


def choice(values: Sequence[str], description: str = "", **more: Any) -> Schema:
    """One of these words."""
    return {"description": description, "type": "string", "enum": list(values), **more}


def moment(description: str = "", **more: Any) -> Schema:
    return {"description": description, "type": "string", "format": "date-time", **more}


def array(items: Schema, description: str = "", **more: Any) -> Schema:
    return {"description": description, "type": "array", "items": items, **more}


def numbers(description: str = "", **more: Any) -> Schema:
    """Ids of things."""
    return array({"type": "integer"}, description, **more)


def record(properties: Mapping[str, Schema], description: str = "", **more: Any) -> Schema:
    return {"description": description, "type": "object", "properties": dict(properties), **more}


def text(description: str, longest: int, **properties: Schema) -> Schema:
    """A text that is given plain or as `{"raw": ...}`, and answered with what readers see of it beside."""
    parts = {
        "raw": string("As it is stored.", context=["edit"]),
        "rendered": string("As HTML.", context=["view", "edit", "embed"], readonly=True),
        **properties,
    }
    return record(parts, description, **{CHECK: _text(longest)})


def _text(longest: int) -> Callable[[Any, str], str]:
    def check(value: Any, name: str) -> str:
        raw = value.get("raw") if isinstance(value, dict) else value
        return str(_string(raw, {"maxLength": longest}, name))

    return check


def public(schema: Schema) -> dict[str, Any]:
    """The schema as clients are told."""
    shown = {key: value for key, value in schema.items() if key != CHECK and value != ""}
    if "properties" in shown:
        shown["properties"] = {name: public(one) for name, one in shown["properties"].items()}
    if "items" in shown:
        shown["items"] = public(shown["items"])
    return shown


def checked(value: Any, schema: Schema, name: str) -> Any:
    """The value in the type of its schema; raises Invalid."""
    if CHECK in schema:
        return schema[CHECK](value, name)
    kinds = schema.get("type")
    if isinstance(kinds, list):
        return _any_of(value, schema, kinds, name)
    found = KINDS[kinds](value, schema, name) if kinds else value
    if "enum" in schema and found not in schema["enum"]:
        allowed = ", ".join(map(str, schema["enum"]))
        words = f"is not {allowed}." if len(schema["enum"]) == 1 else f"is not one of {allowed}."
        raise Invalid("rest_not_in_enum", f"{name} {words}")
    return found


def _any_of(value: Any, schema: Schema, kinds: Sequence[str], name: str) -> Any:
    for kind in kinds:
        try:
            return checked(value, {**schema, "type": kind}, name)
        except Invalid as error:
            if error.code != "rest_invalid_type":
                raise
    raise Invalid("rest_invalid_type", f"{name} is not of type {','.join(kinds)}.", {"param": name})


def _wrong_type(name: str, kind: str) -> Invalid:
    return Invalid("rest_invalid_type", f"{name} is not of type {kind}.", {"param": name})


def _integer(value: Any, schema: Schema, name: str) -> int:
    number = _numeric(value)
    if number is None or number != int(number) or abs(number) > LARGEST:
        raise _wrong_type(name, "integer")
    return int(_within(int(number), schema, name))


def _number(value: Any, schema: Schema, name: str) -> float:
    number = _numeric(value)
    if number is None:
        raise _wrong_type(name, "number")
    return _within(number, schema, name)


def _numeric(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and NUMBER.fullmatch(value):
        return float(value) if "." in value else int(value)
    # Neither infinity nor a number that is none.
    return value if isinstance(value, int) or (isinstance(value, float) and abs(value) < 1e300) else None


def _within(number: float, schema: Schema, name: str) -> float:
    least, most = schema.get("minimum"), schema.get("maximum")
    if (least is None or number >= least) and (most is None or number <= most):
        return number
    if least is not None and most is not None:
        limits = f"must be between {least} (inclusive) and {most} (inclusive)"
    else:
        limits = f"must be greater than or equal to {least}" if least is not None else f"must be at most {most}"
    raise Invalid("rest_out_of_bounds", f"{name} {limits}")


def _boolean(value: Any, schema: Schema, name: str) -> bool:
    word = value.lower() if isinstance(value, str) else value
    if isinstance(word, (str, bool, int)) and word in ("true", "1", 1, True):
        return True
    if isinstance(word, (str, bool, int)) and word in ("false", "0", "", 0, False):
        return False
    raise _wrong_type(name, "boolean")


def _string(value: Any, schema: Schema, name: str) -> str:
    if not isinstance(value, str):
        raise _wrong_type(name, "string")
    # Neither the database nor XML could hold what is taken out here.
    value = str(UNWRITABLE.sub("", value))
    if len(value) > schema.get("maxLength", len(value)):
        raise Invalid("rest_too_long", f"{name} must be at most {schema['maxLength']} characters long.")
    if len(value) < schema.get("minLength", 0):
        raise Invalid("rest_too_short", f"{name} must be at least {schema['minLength']} characters long.")
    if "pattern" in schema and not re.search(schema["pattern"], value):
        raise Invalid("rest_invalid_pattern", f"{name} does not match pattern {schema['pattern']}.")
    if value and "format" in schema:
        FORMATS.get(schema["format"], _any)(value, name)
    return str(value)


def _array(value: Any, schema: Schema, name: str) -> list[Any]:
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        value = [part for part in LIST.split(str(value)) if part]
    if not isinstance(value, list):
        raise _wrong_type(name, "array")
    if len(value) > schema.get("maxItems", MOST_ITEMS):
        most = schema.get("maxItems", MOST_ITEMS)
        raise Invalid("rest_too_many_items", f"{name} must contain at most {most} items.")
    found = [checked(one, schema["items"], f"{name}[{at}]") for at, one in enumerate(value)]
    if schema.get("uniqueItems") and len(set(map(repr, found))) != len(found):
        raise Invalid("rest_duplicate_items", f"{name} has duplicate items.")
    return found


def _object(value: Any, schema: Schema, name: str) -> dict[str, Any]:
    if value in ("", []):
        value = {}
    if not isinstance(value, dict):
        raise _wrong_type(name, "object")
    known = schema.get("properties", {})
    return {key: checked(one, known[key], f"{name}[{key}]") for key, one in value.items() if key in known}


def _null(value: Any, schema: Schema, name: str) -> None:
    if value not in (None, ""):
        raise _wrong_type(name, "null")


def _any(value: str, name: str) -> None:
    pass


def _a_date(value: str, name: str) -> None:
    if not DATE.fullmatch(value):
        raise Invalid("rest_invalid_date", "Invalid date.")


def _an_email(value: str, name: str) -> None:
    if not is_email(value):
        raise Invalid("rest_invalid_email", "Invalid email address.")


def _an_ip(value: str, name: str) -> None:
    try:
        ipaddress.ip_address(value)
    except ValueError:
        raise Invalid("rest_invalid_ip", f"{name} is not a valid IP address.") from None


def _a_uuid(value: str, name: str) -> None:
    try:
        uuid.UUID(value)
    except ValueError:
        raise Invalid("rest_invalid_uuid", f"{name} is not a valid UUID.") from None


KINDS: Mapping[str, Callable[[Any, Schema, str], Any]] = {
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "string": _string,
    "array": _array,
    "object": _object,
    "null": _null,
}
FORMATS = {"date-time": _a_date, "email": _an_email, "ip": _an_ip, "uuid": _a_uuid}
