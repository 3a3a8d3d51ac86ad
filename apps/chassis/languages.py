"""The language of an answer, and what is said in it.

A request's language is `?lang=` if the site has it, else the best of Accept-Language, else the site's first. A choice
made by `?lang=` stays: every link that `url_for` makes to a page carries it, `with_lang` and `lang_field` do the same
for a link written by hand and for a GET form. There is no cookie. What programs ask (`Site.programs`, `Site.feeds`) is
answered in the first language unless `?lang=` says otherwise, whatever Accept-Language says.

In templates: `{{ _("Hello %(name)s", name=x) }}`, `{{ ngettext("%(num)d zone", "%(num)d zones", count) }}`,
`{{ pgettext("of a cloud", "Zone") }}` and `{% trans %}`; `{{ translated(text) }}` where nothing is to be filled in. In
Python: `from apps.chassis.languages import gettext as _, ngettext`, called while a request is answered; a text that
stands at the top of a module is wrapped in `later("...")` there and in `_` where it is shown. In all of them a percent
sign is written `%%`. Outside of a request the texts are English, but for `speaking(site, code)`, as for a mail. Dates,
numbers, and names of cities and countries: formats.py; templates have its functions by the same names.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property, lru_cache
from gettext import NullTranslations
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit

from flask import Request, Response, current_app, request
from markupsafe import Markup
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from apps.chassis.catalogues import catalogue
from apps.chassis.templating import sayer

if TYPE_CHECKING:
    from apps.chassis.app import Application
    from apps.chassis.sites import Site

SOURCE = "en"
NAMES = {"en": "English", "ko": "한국어"}
PARAMETER = "lang"
UNTRANSLATED = NullTranslations()
WORDLESS = ("/static/", "/assets/", "/health/", "/favicon.ico", "/robots.txt")


def register(app: "Application") -> None:
    """Give templates their words; where a site has several languages, keep the choice in its links."""
    from apps.chassis.formats import helpers

    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    words = Words() if len(app.site.languages) > 1 else UNTRANSLATED
    cast(Any, app.jinja_env).install_gettext_callables(
        words.gettext, words.ngettext, newstyle=True, pgettext=words.pgettext
    )
    say = sayer(words)
    app.jinja_env.globals.update(gettext=say, _=say)
    app.jinja_env.globals.update(language=language, other_languages=other_languages, alternates=alternates)
    app.jinja_env.globals.update(translated=translated, with_lang=with_lang, lang_field=lang_field, **helpers())
    if len(app.site.languages) > 1:
        app.url_defaults(_keeper(app))
        app.after_request(declare)


class Words:
    """What templates say, by the catalogue of the request's language."""

    def gettext(self, text: str) -> str:
        return translated(text)

    def ngettext(self, one: str, many: str, num: int) -> str:
        return _catalogue().ngettext(one, many, num)

    def pgettext(self, context: str, text: str) -> str:
        return _catalogue().pgettext(context, text)


class Speech:
    """How one request is to be answered: in which language, and who decided so."""

    KEY = "chassis.speech"

    # Path and arguments of the page, if a view has told them.
    shown_at: tuple[str, list[tuple[str, str]]] | None = None

    def __init__(self, site: "Site", asked: Request) -> None:
        self.site = site
        self.asked = asked
        wanted = asked.args.get(PARAMETER)
        # A site of one language leaves the name to its own views.
        self.chosen = wanted if wanted in site.languages and len(site.languages) > 1 else None

    @property
    def negotiable(self) -> bool:
        """Whether the client's Accept-Language decides."""
        path, site = self.asked.path, self.site
        told = self.chosen is not None or path.startswith(site.programs) or path.endswith(site.feeds)
        return len(site.languages) > 1 and not told

    @property
    def spoken(self) -> bool:
        """Whether making the answer has asked for the language."""
        return "language" in self.__dict__

    @cached_property
    def language(self) -> str:
        if self.chosen or not self.negotiable:
            return self.chosen or self.site.languages[0]
        return read_best(self.asked.headers.get("Accept-Language", ""), self.site.languages)

    @cached_property
    def catalogue(self) -> NullTranslations:
        return UNTRANSLATED if self.language == SOURCE else catalogue(self.site.package, self.language)


class Told(Speech):
    """A language that is decided before anybody asks, such as that of a letter."""

    def __init__(self, site: "Site", code: str) -> None:
        self.site = site
        self.chosen = code if code in site.languages else site.languages[0]

    @property
    def negotiable(self) -> bool:
        return False


_told: ContextVar[Told | None] = ContextVar("told", default=None)


@contextmanager
def speaking(site: "Site", code: str) -> Iterator[None]:
    """Within it, texts, dates and numbers are in this language, or in the site's first if it has not that one."""
    token = _told.set(Told(site, code))
    try:
        yield
    finally:
        _told.reset(token)


@lru_cache(maxsize=1024)
def read_best(accepted: str, languages: tuple[str, ...]) -> str:
    """Which of these languages an Accept-Language header asks for; the first if it asks for none of them."""
    # Werkzeug's own matching would prefer "en;q=0.1" to "ko-KR" where a site has en and ko.
    wanted = parse_accept_header(accepted, LanguageAccept)
    read = (tag.partition("-")[0].lower() for tag, quality in wanted if quality)
    return next((tag for tag in read if tag in languages), languages[0])


def gettext(text: str, **values: object) -> str:
    """The text in this request's language, with `%(name)s` filled in."""
    return translated(text) % values


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """The text for one or for many in this request's language; `%(num)d` is the number."""
    return _catalogue().ngettext(one, many, num) % {"num": num, **values}


def translated(text: str) -> str:
    """The text in this request's language as its catalogue has it, with nothing filled in; unknown texts unchanged."""
    # The catalogue's own header stands where the empty text would.
    return _catalogue().gettext(text) if text else ""


def later(text: str) -> str:
    """Mark a text, unchanged, that `gettext` is given only when it is shown."""
    return text


def language() -> str:
    """The language of the request being answered; English outside of one."""
    speech = _speech()
    return speech.language if speech else SOURCE


def other_languages() -> list[tuple[str, str, str]]:
    """The languages that this page could be shown in instead: code, own name, and this address in it."""
    codes = [code for code in _languages() if code != language()]
    return [(code, NAMES[code], _address_in(code)) for code in codes]


def alternates() -> list[tuple[str, str]]:
    """The whole addresses of this page in each language, and for readers of none: what a search engine wants."""
    found = [(code, _whole_address_in(code)) for code in _languages()]
    return [*found, ("x-default", _whole_address_in(None))] if len(found) > 1 else []


def shown_at(address: str) -> None:
    """Tell the address in this site under which GET shows this page, for the links to it in other languages.

    Unless told, it is the one asked for; in answer to a form, the page that the form was on, if there is no other.
    """
    parts = urlsplit(address)
    speech = _speech()
    if speech is not None:
        speech.shown_at = (parts.path, parse_qsl(parts.query))


def with_lang(address: str) -> str:
    """A path of this site, written by hand, with the visitor's choice of language kept."""
    chosen = _chosen()
    if chosen is None:
        return address
    return f"{address}{'&' if '?' in address else '?'}{PARAMETER}={chosen}"


def lang_field() -> Markup:
    """What a GET form holds to keep the visitor's choice of language; empty if none was made."""
    chosen = _chosen()
    return Markup('<input type="hidden" name="lang" value="{}">').format(chosen) if chosen else Markup("")


def declare(response: Response) -> Response:
    """Tell which language an answer is in, and that it depends on what the client reads; nothing if it has no words."""
    speech: Speech | None = request.environ.get(Speech.KEY)
    if speech and speech.spoken:
        response.content_language.add(speech.language)
        if speech.negotiable:
            response.vary.add("Accept-Language")
    return response


def _speech() -> Speech | None:
    told = _told.get()
    if told is not None:
        return told
    try:
        # Looked up once: each use of `request` itself is such a look-up, and a page asks a hundred times.
        asked: Request = cast(Any, request)._get_current_object()
    except RuntimeError:
        return None
    found: Speech | None = asked.environ.get(Speech.KEY)
    if found is None:
        from apps.chassis.context import application

        found = asked.environ[Speech.KEY] = Speech(application().site, asked)
    return found


def _catalogue() -> NullTranslations:
    speech = _speech()
    return speech.catalogue if speech else UNTRANSLATED


def _chosen() -> str | None:
    speech = _speech()
    return speech.chosen if speech else None


def _languages() -> tuple[str, ...]:
    speech = _speech()
    return speech.site.languages if speech else ()


def _address_in(code: str | None) -> str:
    """This page's address in another language; relative to itself if it is the one asked for."""
    speech = _speech()
    path, arguments = (speech.shown_at if speech else None) or _asked_for()
    kept = [(name, value) for name, value in arguments if name != PARAMETER]
    parameters = [*kept, (PARAMETER, code)] if code else kept
    return f"{path}?{urlencode(parameters)}" if parameters else path


def _whole_address_in(code: str | None) -> str:
    address = _address_in(code)
    return request.base_url + address if address[:1] in ("", "?") else urljoin(request.base_url, address)


def _asked_for() -> tuple[str, list[tuple[str, str]]]:
    if request.method in ("GET", "HEAD"):
        return "", list(request.args.items(multi=True))
    # What only takes forms would answer 405; the page that the form was on is the next best to what is shown.
    return _form_page() or (quote(request.path) if _answers_get(request.path) else "/", [])


def _form_page() -> tuple[str, list[tuple[str, str]]] | None:
    try:
        form = urlsplit(request.referrer or "")
    except ValueError:
        return None
    # Two slashes in front would lead to another site.
    path = "/" + form.path.lstrip("/")
    is_ours = form.netloc == request.host and _answers_get(unquote(path))
    return (path, parse_qsl(form.query)) if is_ours else None


def _answers_get(path: str) -> bool:
    adapter = current_app.create_url_adapter(request)
    return adapter is not None and adapter.test(path, "GET")


def _keeper(app: "Application") -> Callable[[str, dict[str, Any]], None]:
    apart = (*WORDLESS, *app.site.programs)
    wordless = frozenset(rule.endpoint for rule in app.url_map.iter_rules() if rule.rule.startswith(apart))

    def keep(endpoint: str, values: dict[str, Any]) -> None:
        chosen = _chosen()
        if chosen and endpoint not in wordless:
            values.setdefault(PARAMETER, chosen)

    return keep
