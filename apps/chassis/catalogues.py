"""What the texts of a site are in other languages, read from `translations/<language>.po` at the first need of each.

The files are read as translators write them, so nothing has to be built before a site can start.
"""

from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib import resources
from importlib.resources.abc import Traversable
from io import BytesIO

CHASSIS = "apps.chassis"


@cache
def catalogue(package: str, language: str) -> NullTranslations:
    """The texts of the site in that package, and of the chassis; what neither has stays as it is."""
    own, shared = _read(package, language), _read(CHASSIS, language)
    own.add_fallback(shared)
    return own


def _read(package: str, language: str) -> NullTranslations:
    file = resources.files(package) / "translations" / f"{language}.po"
    # Of the language that the sources are written in there is no file.
    return _parsed(file, language) if file.is_file() else NullTranslations()


def _parsed(file: Traversable, language: str) -> GNUTranslations:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    with file.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)
