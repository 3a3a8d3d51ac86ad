"""From a row to a mail. Each noun of a site writes its own kinds of letters: `@writes("receipt")` above a function."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cached_property
from importlib.resources import files
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from sqlalchemy.orm import Session

from apps.chassis import formats
from apps.chassis.languages import Words, language, speaking
from apps.chassis.letters.models import NOWHERE, OwedLetter
from apps.chassis.mail import message_id
from apps.chassis.settings import Settings
from apps.chassis.sites import Site

Writer = Callable[[Session, Any, Settings], EmailMessage]
W = TypeVar("W", bound=Writer)


class Moot(Exception):
    """Nobody needs this letter any more, as when its reader's account is gone; it is never tried again."""


@dataclass(frozen=True, slots=True)
class Look:
    """The colours and the fonts of a site's mails, as their `style` attributes have them."""

    paper: str
    ink: str
    line: str
    accent: str
    fonts: str


class Letters:
    """How a site writes: who writes which kind, and what its mails look like.

    Templates are the site's own in `templates/mail/`, then the chassis's; the site has at least `brand.html.jinja`.
    """

    def __init__(
        self, site: Site, *, sender: str, look: Look, filters: Mapping[str, Callable[..., Any]] | None = None
    ) -> None:
        self.site = site
        self.sender = sender
        self.look = look
        self.filters = filters or {}
        self._writers: dict[str, Writer] = {}

    def writes(self, kind: str) -> Callable[[W], W]:
        """Register the writer of a kind of letters.

        It only reads; it speaks the letter's language; it may raise Moot.
        """
        if kind in self._writers:
            raise ValueError(f"two writers write {kind}")

        def register(writer: W) -> W:
            self._writers[kind] = writer
            return writer

        return register

    def write(self, db: Session, letter: OwedLetter, settings: Settings) -> EmailMessage:
        """The mail that the letter stands for. Raises Moot, or KeyError for a kind that nobody writes."""
        writer = self._writers[letter.kind]
        if letter.recipient.endswith(NOWHERE):
            raise Moot("its reader wants to be forgotten")
        with speaking(self.site, letter.language):
            return writer(db, letter, settings)

    def compose(
        self, letter: OwedLetter, settings: Settings, template: str, subject: str, **context: Any
    ) -> EmailMessage:
        """The mail, in text and HTML, from `templates/mail/TEMPLATE.txt.jinja` and `.html.jinja`.

        Whenever it is made, it carries the same Message-ID and the date on which it was owed.
        """
        domain = urlsplit(settings.public_url or "").hostname or f"{self.site.name}.test"
        message = EmailMessage()
        # The moment tells it from one of the same number that a restored database has lost.
        identifier = f"{letter.id}.{letter.created_at:%Y%m%d%H%M%S}"
        message["Message-ID"] = message_id(letter.kind, identifier, domain)
        message["Date"] = format_datetime(letter.created_at)
        message["From"] = Address(self.site.title, self.sender, domain)
        message["To"] = letter.recipient
        message["Subject"] = " ".join(subject.split())
        context |= {"letter": letter, "subject": subject}
        message.set_content(self._templates.get_template(f"mail/{template}.txt.jinja").render(context))
        html = self._templates.get_template(f"mail/{template}.html.jinja").render(context)
        message.add_alternative(html, subtype="html")
        return message

    @cached_property
    def _templates(self) -> Environment:
        environment = Environment(
            loader=FileSystemLoader([str(files(name) / "templates") for name in (self.site.package, "apps.chassis")]),
            autoescape=select_autoescape(("html.jinja",)),
            extensions=["jinja2.ext.i18n"],
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.policies["ext.i18n.trimmed"] = True
        words = Words()
        cast(Any, environment).install_gettext_callables(
            words.gettext, words.ngettext, newstyle=True, pgettext=words.pgettext
        )
        environment.filters.update(self.filters)
        environment.globals.update(language=language, site=self.site, look=self.look, **formats.helpers())
        return environment


def link(letter: OwedLetter, settings: Settings, path: str) -> str | None:
    """The address of a page for a letter, in its language; None where nobody knows how the site is reached."""
    origin = settings.public_url or letter.fact("origin")
    if not origin:
        return None
    return f"{origin.rstrip('/')}{path}{'&' if '?' in path else '?'}lang={language()}"
