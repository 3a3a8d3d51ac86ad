"""The callable that gunicorn serves; the variable APP decides which app and tier it is."""

import sys

from apps.chassis.app import Application, create_app, create_worker
from apps.chassis.settings import SettingsError, of_this_process


def build() -> Application:
    """The app that the environment names; what it cannot start with ends the process with one line per mistake."""
    try:
        settings = of_this_process()
        return create_worker(settings) if settings.worker else create_app(settings)
    except SettingsError as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(f"cannot start: {error.strerror}: {error.filename}")


application = build()
