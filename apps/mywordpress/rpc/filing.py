"""The terms that editors give posts, by their ids or by their names."""

from typing import Any

from sqlalchemy import func, select

from apps.mywordpress.rpc.asked import Asked
from apps.mywordpress.rpc.faults import NOT_ALLOWED, WRONG_PARAMETERS, Fault, not_allowed
from apps.mywordpress.rpc.parameters import Sent, array, number, struct, text, wrong
from apps.mywordpress.terms.models import LONGEST_NAME, Taxonomy, Term

MOST = 200
AMBIGUOUS = "Ambiguous term name used in a hierarchical taxonomy. Please use term ID instead."


def terms_of(asked: Asked, sent: Sent) -> dict[Taxonomy, list[int]]:
    """The terms that the members `terms` (ids) and `terms_names` ask for, for each taxonomy that they name."""
    found: dict[Taxonomy, list[int]] = {}
    for member, read in (("terms", _with_id), ("terms_names", _with_name)):
        for name, values in sent.get(member, struct, {}).items():
            taxonomy = _taxonomy(name)
            listed = _bounded(values, f"{member}[{name}]")
            found.setdefault(taxonomy, []).extend(read(asked, taxonomy, one) for one in listed)
    return found


def _taxonomy(name: str) -> Taxonomy:
    if name not in set(Taxonomy):
        raise Fault(NOT_ALLOWED, "Sorry, one of the given taxonomies is not supported by the post type.")
    return Taxonomy(name)


def _bounded(values: Any, where: str) -> list[Any]:
    try:
        listed = array(values)
    except TypeError as error:
        raise wrong(where, error) from None
    if len(listed) > MOST:
        raise Fault(WRONG_PARAMETERS, f"A post may have {MOST} terms of one taxonomy.")
    return listed


def _with_id(asked: Asked, taxonomy: Taxonomy, value: Any) -> int:
    try:
        # Whether there is such a term of this taxonomy, the post itself finds out.
        return number(value)
    except TypeError as error:
        raise wrong("a term's id", error) from None


def _with_name(asked: Asked, taxonomy: Taxonomy, value: Any) -> int:
    try:
        name = " ".join(text(value).split())
    except TypeError as error:
        raise wrong("a term's name", error) from None
    known = named(asked, taxonomy, name)
    if len(known) > 1:
        raise Fault(NOT_ALLOWED, AMBIGUOUS)
    return known[0].id if known else made(asked, taxonomy, name)


def named(asked: Asked, taxonomy: Taxonomy, name: str) -> list[Term]:
    """The terms of this name, capitals or not."""
    alike = select(Term).where(Term.taxonomy == taxonomy, func.lower(Term.name) == name.lower())
    return list(asked.db.scalars(alike.order_by(Term.id)))


def made(asked: Asked, taxonomy: Taxonomy, name: str) -> int:
    """A new term of this name, if whoever asks may make one; raises Fault."""
    if not name or len(name) > LONGEST_NAME:
        raise Fault(WRONG_PARAMETERS, f"A term has a name of at most {LONGEST_NAME} characters.")
    if not asked.can("edit_posts" if taxonomy == Taxonomy.TAG else "manage_categories"):
        raise not_allowed("add a term to one of the given taxonomies")
    return Term.named(asked.db, taxonomy, name).id


def categories_named(asked: Asked, names: list[str]) -> list[int]:
    """The categories of these names; as with WordPress's older methods, names that nobody knows are left out."""
    found = [one for name in names[:MOST] if (one := named(asked, Taxonomy.CATEGORY, " ".join(name.split())))]
    return [terms[0].id for terms in found]


def tags_typed(asked: Asked, value: Any) -> list[int]:
    """The tags of a list, or of words between commas; new ones are made."""
    parts = value.split(",") if isinstance(value, str) else [text(one) for one in array(value)]
    names = dict.fromkeys(name for part in parts[:MOST] if (name := " ".join(part.split())))
    return [
        known[0].id if (known := named(asked, Taxonomy.TAG, name)) else made(asked, Taxonomy.TAG, name)
        for name in names
    ]
