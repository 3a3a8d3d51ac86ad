"""The shapes of the API's answers and of what it is asked with, in JSON Schema."""

from apps.whatisthetime import durations, walls, zones
from apps.whatisthetime.answers import Value
from apps.whatisthetime.api import parameters
from apps.whatisthetime.search import LONGEST_QUERY, MOST_FOUND

Schema = dict[str, Value]

OFFSET = r"[+-][0-9]{2}:[0-9]{2}(?::[0-9]{2})?"
LOCAL = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{6})?"


def shape(name: str) -> Schema:
    """One of the named shapes."""
    return {"$ref": f"#/components/schemas/{name}"}


def fields(required: Schema, optional: Schema | None = None) -> Schema:
    """An object of exactly these fields."""
    properties: Schema = {**required, **(optional or {})}
    return {"type": "object", "required": list(required), "properties": properties, "additionalProperties": False}


def text(pattern: str | None = None, says: str = "") -> Schema:
    told: Schema = {"type": "string"}
    if pattern:
        told["pattern"] = f"^(?:{pattern})$"
    return {**told, "description": says} if says else told


def number(says: str = "", kind: str = "integer") -> Schema:
    return {"type": kind, "description": says} if says else {"type": kind}


def choice(*values: str) -> Schema:
    return {"type": "string", "enum": list(values)}


def several(each: Schema) -> Schema:
    return {"type": "array", "items": each}


def perhaps(schema: Schema) -> Schema:
    """The same, or null."""
    return {"oneOf": [schema, {"type": "null"}]}


YES_NO: Schema = {"type": "boolean"}
WITH_OFFSET = text(LOCAL + OFFSET)
WITHOUT_OFFSET = text(LOCAL)
READ_WITH = perhaps(text(OFFSET, "Where a wall time means two moments: the offset that reads it as this one."))
DURATION: Schema = fields({"duration": text(says="In ISO 8601."), "seconds": number(kind="number")})
LOCAL_TYPE: Schema = {
    "offset": number("Seconds east of UTC."),
    "utc_offset": text(OFFSET),
    "dst": YES_NO,
    "abbreviation": text(),
}
SHOWN: Schema = {"timezone": text(), "datetime": WITH_OFFSET, **LOCAL_TYPE}
INSTANT: Schema = {"unix": number("Seconds since 1970.", "number"), "utc": WITH_OFFSET}
NO_PERIOD = (
    "null without such a period and, as in World Time API, where it saves less than an hour (Lord Howe Island): "
    "/api/transitions has those as well."
)

TIME: Schema = {
    "abbreviation": text(),
    "datetime": WITH_OFFSET,
    "day_of_week": {"type": "integer", "minimum": 0, "maximum": 6, "description": "Sunday is 0."},
    "day_of_year": {"type": "integer", "minimum": 1, "maximum": 366},
    "dst": YES_NO,
    "dst_from": {**perhaps(WITH_OFFSET), "description": f"When daylight saving time began or begins; {NO_PERIOD}"},
    "dst_offset": number("Seconds that daylight saving time adds at present."),
    "dst_until": {**perhaps(WITH_OFFSET), "description": f"When it ends or ended; {NO_PERIOD}"},
    "raw_offset": number("Seconds east of UTC without daylight saving time."),
    "timezone": text(),
    "unixtime": number("Whole seconds since 1970."),
    "utc_datetime": WITH_OFFSET,
    "utc_offset": text(OFFSET),
    "week_number": {"type": "integer", "minimum": 1, "maximum": 53, "description": "The ISO week."},
    "client_ip": text(),
}
MOMENT: Schema = {
    "read_with": READ_WITH,
    **SHOWN,
    "iso_week_date": text("[0-9]{4}-W[0-9]{2}-[1-7]"),
    "iso_year": number(),
    "iso_week": number(),
    "iso_weekday": number("Monday is 1."),
    "ordinal_date": text("[0-9]{4}-[0-9]{3}"),
    "day_of_year": number(),
    "utc": WITH_OFFSET,
    "unix": number("Seconds since 1970, leap seconds not counted.", "number"),
    "julian_date": number(kind="number"),
    "modified_julian_date": number(kind="number"),
    "tai": perhaps(WITHOUT_OFFSET),
    "tai_minus_utc": perhaps(number("Seconds; null before 1972, when UTC's seconds had another length.")),
    "tai_is_certain": {
        **YES_NO,
        "description": "False before 1972, and from the expiry of the table of leap seconds on.",
    },
}

SHAPES: dict[str, Schema] = {
    "Error": fields({"error": text(says="What is wrong, and what would be right.")}),
    "Names": several(text()),
    "Time": fields(TIME),
    "CallersTime": fields(TIME, {"note": text(says="Why this is UTC.")}),
    "Shown": fields(SHOWN),
    "LocalType": fields(LOCAL_TYPE),
    "Transition": fields(
        {
            "at": WITH_OFFSET,
            "unix": number(),
            "kind": {
                **choice("gap", "overlap", "none"),
                "description": "Clocks skip, repeat, or only change their name.",
            },
            "shift": number("Seconds by which clocks jump."),
            "local_before": WITH_OFFSET,
            "local_after": WITH_OFFSET,
            "before": shape("LocalType"),
            "after": shape("LocalType"),
        }
    ),
    "Transitions": fields(
        {
            "timezone": text(),
            "from": number(),
            "until": number(),
            "posix_tz": text(says="The rule for all time after the last change that the tz database lists."),
            "edition": text(),
            "transitions": several(shape("Transition")),
        }
    ),
    "Wall": fields(
        {
            "timezone": text(),
            "local": WITHOUT_OFFSET,
            "kind": choice("ordinary", "ambiguous", "nonexistent"),
            "transition": perhaps(shape("Transition")),
        }
    ),
    "Conversion": fields(
        {
            "timezone": text(),
            "local": WITHOUT_OFFSET,
            "kind": choice("ordinary", "ambiguous", "nonexistent"),
            "transition": perhaps(shape("Transition")),
            "answers": several(
                fields({"read_with": READ_WITH, **INSTANT, "from": shape("Shown"), "to": several(shape("Shown"))})
            ),
        }
    ),
    "Difference": fields(
        {
            "from": shape("Wall"),
            "until": shape("Wall"),
            "wall": DURATION,
            "answers": several(
                fields(
                    {
                        "from_read_with": READ_WITH,
                        "until_read_with": READ_WITH,
                        "from": shape("Shown"),
                        "until": shape("Shown"),
                        "elapsed": DURATION,
                    }
                )
            ),
        }
    ),
    "Sum": fields(
        {
            "from": shape("Wall"),
            "add": text(),
            "calendar": perhaps(shape("Wall")),
            "answers": several(
                fields(
                    {
                        "from_read_with": READ_WITH,
                        "calendar_read_with": READ_WITH,
                        "from": shape("Shown"),
                        "until": fields({**INSTANT, **SHOWN}),
                        "elapsed": DURATION,
                    }
                )
            ),
        }
    ),
    "LeapSeconds": fields(
        {
            "edition": text(),
            "updated": WITH_OFFSET,
            "expires": WITH_OFFSET,
            "last": WITH_OFFSET,
            "tai_minus_utc": number(),
        }
    ),
    "Moment": fields(
        {
            "timezone": text(),
            "kind": choice("ordinary", "ambiguous", "nonexistent"),
            "answers": several(fields(MOMENT)),
            "leap_seconds": shape("LeapSeconds"),
        }
    ),
    "Edition": fields({"edition": text(), "package": text(), "zones": number(), "leap_seconds": shape("LeapSeconds")}),
    "Sync": fields(
        {
            "received": number("Unix seconds when the request arrived.", "number"),
            "clock": perhaps(
                fields({"offset": number(kind="number"), "bound": number(kind="number"), "age": number(kind="number")})
            ),
            "sent": number("Unix seconds when this answer left.", "number"),
        }
    ),
    "Found": fields(
        {
            "query": text(),
            "guessed": YES_NO,
            "abbreviations": several(
                fields(
                    {
                        "abbreviation": text(),
                        "name": text(),
                        "offset": number(),
                        "utc_offset": text(OFFSET),
                        "timezones": several(text()),
                    }
                )
            ),
            "places": several(
                fields(
                    {
                        "name": text(),
                        "country": perhaps(text()),
                        "country_code": perhaps(text("[A-Z]{2}")),
                        "timezone": text(),
                        "population": perhaps(number()),
                    }
                )
            ),
        }
    ),
    "Instance": {"type": "object", "additionalProperties": {"type": ["string", "integer", "null"]}},
    "Addresses": {"type": "object", "additionalProperties": {"type": "string"}},
}


def asked() -> dict[str, Schema]:
    """The shapes of what is asked with."""
    return {
        "Zone": {**choice(*zones.names()), "description": "A name of the tz database, with its slashes as they are."},
        "ZoneOrNone": {"oneOf": [shape("Zone"), {"const": ""}]},
        "Zones": {"type": "array", "items": shape("Zone"), "minItems": 1, "maxItems": parameters.MOST_ZONES},
        "Year": {"type": "integer", "minimum": walls.FIRST_YEAR, "maximum": walls.LAST_YEAR},
        "WallTime": text(walls.WALL, "A day, or a day and a time, in ISO 8601 without an offset."),
        "MomentOrWallTime": text(walls.MOMENT, "The same, or with an offset from UTC."),
        "Unix": text(parameters.UNIX, "Seconds since 1970, with a fraction or without."),
        "Duration": text(
            durations.PATTERN, "In ISO 8601. What the calendar part leads to comes first, then time passes."
        ),
        "Address": {"type": "string", "anyOf": [{"format": "ipv4"}, {"format": "ipv6"}]},
        # For Python, the separators of ASCII and U+0085 are blank as well; for a pattern, they are not.
        "Query": {
            "type": "string",
            "minLength": 1,
            "maxLength": LONGEST_QUERY,
            "pattern": r"[^\s\x1c-\x1f\x85]",
        },
        "Limit": {"type": "integer", "minimum": 1, "maximum": MOST_FOUND},
        "Area": choice(*dict.fromkeys(name.partition("/")[0] for name in zones.names())),
    }
