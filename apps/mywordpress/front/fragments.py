"""Pieces of readers' pages, kept in each process by all that they are made of, so that none is ever out of date.

When anything changes, all pages are made anew, and most of what they show has not changed.
"""

from collections.abc import Callable, Hashable
from functools import lru_cache

from jinja2 import Environment
from markupsafe import Markup

from apps.chassis.languages import language, with_lang

# A piece is a kilobyte or two.
MOST_KEPT = 2000


def fragments_of(templates: Environment) -> Callable[..., Markup]:
    """What templates call as `fragment(name, **values)`: the template of that name below `fragments/` with the values.

    It may depend on nothing else but the language, and not on who asks. Raises TypeError for values without a hash.
    """

    @lru_cache(maxsize=MOST_KEPT)
    def made(name: str, _language: str, _choice: str, values: tuple[tuple[str, Hashable], ...]) -> Markup:
        return Markup(templates.get_template(f"mywordpress/fragments/{name}.html").render(values))  # noqa: S704

    def fragment(name: str, /, **values: Hashable) -> Markup:
        return made(name, language(), with_lang(""), tuple(values.items()))

    return fragment
