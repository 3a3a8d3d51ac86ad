"""The API's description in OpenAPI 3.1, made from the list of its addresses."""

from functools import cache

from flask import Blueprint, Response

from apps.whatisthetime import answers
from apps.whatisthetime.api.addresses import ADDRESSES, Address, Parameter
from apps.whatisthetime.api.schemas import SHAPES, Schema, asked, shape

VERSION = "1.0.0"
ABOUT = (
    "The time in any zone, and more about it. No key, no cookie; any page may ask. Every answer names the edition of "
    "the tz database in `X-Tz-Edition`. `Accept: text/plain` gets lines `name: value` in place of JSON. An error is "
    '`{"error": "..."}` and says what is wrong.'
)
STATUSES = {
    400: "A parameter is wrong; which one, and what it takes.",
    404: "There is no such thing.",
    414: "The request's first line is longer than the 4,094 bytes that the server reads; the API is not even asked.",
    503: "Too many listen already; `Retry-After` says in how many seconds to try again.",
}
HEADERS: dict[str, Schema] = {
    "X-Tz-Edition": {
        "description": "The edition of the tz database, such as 2026a.",
        "required": True,
        "schema": {"type": "string", "pattern": "^[0-9]{4}[a-z]+$"},
    },
    "Cache-Control": {
        "description": "`no-store` for what tells a moment; a day for what the edition alone decides.",
        "required": True,
        "schema": {"type": "string"},
    },
    "ETag": {"description": "The answer's own.", "schema": {"type": "string", "pattern": '^"[^"]+"$'}},
    "Retry-After": {"description": "Seconds.", "required": True, "schema": {"type": "string", "pattern": "^[0-9]+$"}},
}

blueprint = Blueprint("openapi", __name__, url_prefix="/api")


@blueprint.get("/openapi.json")
def show() -> Response:
    """What a client or a tester is made from."""
    answers.take_only()
    response = answers.by_edition(Response(_written(), content_type=answers.JSON))
    # It changes with a release as well as with an edition, so a copy is asked about before it is used.
    response.headers["Cache-Control"] = "no-cache"
    return response


def document() -> Schema:
    """The whole description."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "WhatIsTheTime", "version": VERSION, "summary": "The time", "description": ABOUT},
        "servers": [{"url": "/"}],
        "tags": [{"name": group} for group in dict.fromkeys(each.group for each in ADDRESSES)],
        "paths": {each.path: {"get": operation(each)} for each in ADDRESSES},
        "components": {"schemas": {**SHAPES, **asked()}, "headers": dict(HEADERS)},
    }


def operation(address: Address) -> Schema:
    """What one address is asked with, and all that it may answer."""
    told: Schema = {
        "operationId": address.name,
        "tags": [address.group],
        "summary": address.summary,
        "parameters": [parameter(each, address) for each in address.parameters],
        "responses": responses(address),
    }
    return {**told, "description": address.says} if address.says else told


def parameter(asked_with: Parameter, address: Address) -> Schema:
    in_path = asked_with in address.in_path
    told: Schema = {
        "name": asked_with.name,
        "in": "path" if in_path else "query",
        "required": in_path or asked_with.required,
        "description": asked_with.says,
        "schema": asked_with.schema,
    }
    if asked_with.schema == shape("Zones"):
        return {**told, "explode": False, "example": asked_with.example.split(",")}
    if not asked_with.example:
        return told
    is_number = asked_with.schema in (shape("Year"), shape("Limit"))
    return {**told, "example": int(asked_with.example) if is_number else asked_with.example}


def responses(address: Address) -> Schema:
    """By status: the answer, "you have it already", and what is refused."""
    told: Schema = {}
    if address.answer is not None:
        told["200"] = {"description": "The answer.", "headers": headers(), "content": content(address)}
    if address.kept:
        told["304"] = {"description": "The answer is what `If-None-Match` names.", "headers": headers()}
    for status in address.refuses:
        more = ("Retry-After",) if status == 503 else ()
        told[str(status)] = {
            "description": STATUSES[status],
            "headers": headers(*more),
            "content": {media: {"schema": refusal(media)} for media in error_media(address)},
        }
    told["414"] = {"description": STATUSES[414], "content": {"text/html": {"schema": {"type": "string"}}}}
    return told


def headers(*more: str) -> Schema:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in ("X-Tz-Edition", "Cache-Control", *more)}


def content(address: Address) -> Schema:
    """The answer in each form that it has."""
    return {
        media: {"schema": address.answer if media == answers.JSON else {"type": "string"}} for media in address.media
    }


def error_media(address: Address) -> tuple[str, ...]:
    return ("text/plain",) if address.media == ("text/plain",) else (answers.JSON, "text/plain")


def refusal(media: str) -> Schema:
    return shape("Error") if media == answers.JSON else {"type": "string"}


@cache
def _written() -> bytes:
    return answers.as_json(document())
