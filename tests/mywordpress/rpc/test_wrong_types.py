"""Every method with values of every type in every place: whatever comes, it is answered or refused."""

import itertools
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from apps.mywordpress.rpc.calling import MOST_CALLS
from apps.mywordpress.rpc.methods import METHODS, MULTICALL
from apps.mywordpress.rpc.parameters import LOGIN
from tests.mywordpress.conftest import Journal, over_both
from tests.mywordpress.rpc.conftest import Program

STRANGE: tuple[Any, ...] = (
    None,
    True,
    -1,
    2**31 - 1,
    "9223372036854775807",
    "99999999999999999999",
    1.5,
    "",
    "x" * 3000,
    "\U0001f30a\u202e'\"%;--",
    [],
    ["a", 1, None],
    {"a": {"b": []}},
    datetime(9998, 12, 31, 23, 59),  # noqa: DTZ001
    b"\x00\xff",
)
MEMBERS = (
    "post_title post_content post_excerpt post_name post_password post_status post_type post_author post_format "
    "post_parent post_thumbnail post_date post_date_gmt sticky menu_order comment_status ping_status terms "
    "terms_names custom_fields enclosure title description mt_excerpt mt_text_more mt_keywords mt_allow_comments "
    "mt_allow_pings categories wp_slug wp_password wp_author_id wp_page_parent_id wp_page_order wp_post_format "
    "wp_post_thumbnail dateCreated date_created_gmt page_status if_not_modified_since name bits type post_id parent "
    "parent_id slug taxonomy number offset orderby order s search hide_empty mime_type status content author "
    "author_url author_email comment_parent role who show-supported first_name last_name url bio nickname nicename "
    "display_name blog_title time_zone users_can_register"
)
EVERY = 29
# What a struct needs for its other members to be looked at.
WHOLE = {"name": "x", "bits": b"Some notes.\n", "taxonomy": "category", "post_title": "x", "content": "x"}
NESTED: dict[str, list[Any]] = {
    "terms": [{"category": strange} for strange in STRANGE],
    "terms_names": [{"post_tag": [strange]} for strange in STRANGE],
    "custom_fields": [[{"key": strange, "value": strange}] for strange in STRANGE],
    "enclosure": [{"url": strange, "length": strange, "type": strange} for strange in STRANGE],
    "categories": [[strange] for strange in STRANGE],
}


def calls(program: Program) -> Iterator[tuple[str, list[Any]]]:
    for name, method in METHODS.items():
        places = [one for one in method.takes if one not in LOGIN]
        for place, strange in itertools.product(places, STRANGE):
            yield name, values(program, name, {place.name: strange})
        structs = [one for one in places if one.name in ("content", "filter")]
        for place, member in itertools.product(structs, MEMBERS.split()):
            for strange in (*STRANGE, *NESTED.get(member, ())):
                yield name, values(program, name, {place.name: {**WHOLE, member: strange}})


def values(program: Program, name: str, strange: dict[str, Any]) -> list[Any]:
    usual = {"username": program.name, "password": program.password, "content": WHOLE, "filter": {}, "fields": ["post"]}
    return [strange.get(one.name, usual.get(one.name, 1)) for one in METHODS[name].takes]


@over_both
def test_no_value_of_any_type_is_an_error_of_the_server(journal: Journal, ada: Program) -> None:
    # Their name in addresses is among what is changed.
    ada.name = "ada@example.com"
    journal.post()
    # All of them take minutes; this part meets each value, each method and each member.
    several = itertools.islice(calls(ada), 0, None, EVERY)
    codes: set[int] = set()
    while some := list(itertools.islice(several, MOST_CALLS)):
        structs = [{"methodName": name, "params": params} for name, params in some]
        for (name, params), answer in zip(some, ada.call(MULTICALL, structs), strict=True):
            if isinstance(answer, dict):
                codes.add(answer["faultCode"])
                assert answer["faultString"], (name, params)
    assert codes <= {-32602, 33, 400, 401, 403, 404, 409, 429, 500}
