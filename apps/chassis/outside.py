"""What stands around an app's frame: proxies that it believes, and the faults that a lesson may have."""

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from apps.chassis.security import name_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from apps.chassis.app import Application
    from apps.chassis.frame import Frame
    from apps.chassis.settings import Settings


def surrounded(app: "Application", frame: "Frame") -> "WSGIApplication":
    """The frame as it is asked from outside."""
    asked = _behind_proxies(frame, app.settings)
    if not app.settings.faults:
        return asked
    from apps.chassis.faults import Faults

    app.faults = Faults(asked, app)
    return app.faults


def _behind_proxies(frame: "Frame", settings: "Settings") -> "WSGIApplication":
    asked = _as_public(frame, settings.public_url) if settings.production and settings.public_url else frame
    if settings.trusted_proxy_hops == 0:
        return asked
    from werkzeug.middleware.proxy_fix import ProxyFix

    # Each proxy appends to the list of addresses, but only the outermost one knows and sets the scheme.
    return ProxyFix(asked, x_for=settings.trusted_proxy_hops, x_proto=1, x_host=0)


def _as_public(app: "WSGIApplication", public_url: str) -> "WSGIApplication":
    """The app, always asked by the public address's scheme and port: a proxy may pass on what a client made up.

    Whole addresses are made of them, and pages with such addresses are kept for everybody.
    """
    public = urlsplit(public_url)

    def ask(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        environ["wsgi.url_scheme"] = public.scheme
        # Any other name is left to be refused, or to ask for health by address.
        if name_of(environ.get("HTTP_HOST", "")) == public.hostname:
            environ["HTTP_HOST"] = public.netloc
        return app(environ, start_response)

    return ask
