"""Bring the catalogues up to date with the texts in templates and sources: `python -m tools.translations`.

What is new is added without a translation, what is gone is removed, and what was translated stays. The exit code is 1
while a text lacks its translation or has other placeholders than it.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
SITES = ("whatisthetime", "myclothes", "mywordpress")
PAGES, MAILS = "**/templates/**.html", "**/templates/**.jinja"
METHODS = [("**.py", "python"), (PAGES, "jinja2.ext:babel_extract"), (MAILS, "jinja2.ext:babel_extract")]
JINJA = {"newstyle_gettext": "true", "trimmed": "true", "silent": "false"}
OPTIONS = {PAGES: JINJA, MAILS: JINJA}
# Modules whose function `texts` tells what is said in their data.
DATA = {"whatisthetime": ("apps.whatisthetime.api.addresses",)}
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2), "later": None}
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[-+ #0-9.]*[a-z%]|\{\w+\}", re.IGNORECASE)
MARKUP = re.compile(r"</?\w+")


def main() -> int:
    """Rewrite each catalogue that has changed, and name what is wrong."""
    problems = []
    for folder, language in catalogues():
        file = ROOT / "apps" / folder / "translations" / f"{language}.po"
        updated = brought_up_to_date(file, folder, language)
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(written(updated))
        problems += [f"{file.relative_to(ROOT)}: {problem}" for problem in flaws(updated)]
    print("\n".join(problems) or "every text is translated")
    return 1 if problems else 0


def catalogues() -> Iterator[tuple[str, str]]:
    """The folders below apps/ whose texts are translated, and into what: each site's, and the chassis's for them."""
    needed = {name: import_module(f"apps.{name}").SITE.languages[1:] for name in SITES}
    for language in sorted(set().union(*needed.values())):
        yield "chassis", language
        yield from ((name, language) for name, languages in needed.items() if language in languages)


def brought_up_to_date(file: Path, folder: str, language: str) -> Catalog:
    """The file's translations of exactly those texts that stand in the folder now."""
    found = read_po(BytesIO(file.read_bytes()), locale=language) if file.exists() else Catalog(language)
    # A translation guessed from a similar text would pass for one that somebody made.
    found.update(texts(folder), no_fuzzy_matching=True)
    found.obsolete.clear()
    return found


def texts(folder: str) -> Catalog:
    """All texts that are marked in the folder's sources and templates, with the files where they stand."""
    catalog = Catalog()
    root = ROOT / "apps" / folder
    extracted = extract_from_dir(root, METHODS, OPTIONS, KEYWORDS, comment_tags=["Translators:"])
    for path, _, message, comments, context in extracted:
        catalog.add(message, None, [(f"{folder}/{path}", 0)], auto_comments=comments, context=context)
    for module in DATA.get(folder, ()):
        for text in import_module(module).texts():
            catalog.add(text, None, [(f"{module.removeprefix('apps.').replace('.', '/')}.py", 0)])
    return catalog


def written(catalog: Catalog) -> bytes:
    """The catalogue as a file that stays the same, byte for byte, while the texts do."""
    target = BytesIO()
    write_po(target, catalog, width=120, omit_header=True, sort_by_file=True, include_lineno=False)
    return header(catalog).encode() + target.getvalue()


def header(catalog: Catalog) -> str:
    """What other tools need to know; dates and names of programs would change without the texts."""
    fields = (
        f"Language: {catalog.locale_identifier}",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        f"Plural-Forms: {catalog.plural_forms}",
    )
    return 'msgid ""\nmsgstr ""\n' + "".join(f'"{field}\\n"\n' for field in fields) + "\n"


def flaws(catalog: Catalog) -> Iterator[str]:
    """What a visitor would notice: a text without its translation, or one that breaks where it is shown."""
    for message in catalog:
        if not message.id:
            continue
        if not all(forms(message.string)):
            yield f"not translated: {forms(message.id)[0]!r}"
        elif any(marks(form) != marks(forms(message.id)[-1]) for form in forms(message.string)):
            yield f"other placeholders or markup than its text: {forms(message.string)[0]!r}"


def forms(text: str | Sequence[str] | None) -> tuple[str, ...]:
    return (text or "",) if isinstance(text, str | None) else tuple(text)


def marks(text: str) -> tuple[list[str], list[str]]:
    """What of a text must come through translation unchanged, in whatever order."""
    return sorted(PLACEHOLDER.findall(text)), sorted(MARKUP.findall(text))


if __name__ == "__main__":
    sys.exit(main())
