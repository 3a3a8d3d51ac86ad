"""Apps that a test has made."""

from apps.chassis.app import Application


def close(app: Application) -> None:
    """Let go of everything that the app has opened."""
    assert app.database is not None
    app.database.dispose()
    app.cache.close()
    if app.session_store is not None:
        app.session_store.close()
    getattr(app.queue, "close", lambda: None)()
