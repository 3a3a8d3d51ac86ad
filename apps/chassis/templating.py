"""Jinja as all sites use it, without what it would do again and again for each page."""

from collections import ChainMap
from collections.abc import Callable, KeysView, MutableMapping
from typing import TYPE_CHECKING, Any

from flask.templating import Environment
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

if TYPE_CHECKING:
    from gettext import NullTranslations

    from apps.chassis.languages import Words


class Globals(ChainMap[str, Any]):
    """A chain whose names are those of one dictionary."""

    def keys(self) -> KeysView[str]:
        # Jinja takes them from a set for each `import` of each page, which a chain does in Python, name by name.
        merged: dict[str, Any] = {}
        for names in reversed(self.maps):
            merged.update(names)
        return merged.keys()


class Templates(Environment):
    """Flask's own environment but for that."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return Globals({} if d is None else d, self.globals)


def sayer(words: "Words | NullTranslations") -> Callable[..., str]:
    """What Jinja's own `gettext` does, in less time: pages say dozens of texts, most with nothing to fill in."""

    @pass_eval_context
    def say(context: EvalContext, text: str, /, **variables: Any) -> str:
        found = words.gettext(text)
        # Texts of ours, as catalogues have them.
        found = Markup(found) if context.autoescape else found  # noqa: S704
        return found % variables if variables or "%" in found else found

    return say
