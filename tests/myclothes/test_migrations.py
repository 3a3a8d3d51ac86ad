"""What the migrations make is what the models expect."""

import itertools
from pathlib import Path

import pytest
from sqlalchemy import inspect

from apps.chassis.app import open_database
from apps.chassis.migrations import migrate
from apps.chassis.settings import Settings
from apps.myclothes import SITE

_numbers = itertools.count(1)


@pytest.mark.parametrize("backend", ["sqlite", "mariadb"])
def test_migrating_makes_the_tables_of_the_models(tmp_path: Path, backend: str, request: pytest.FixtureRequest) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    environ = {"APP": "myclothes", "VAR_DIR": str(tmp_path), "SECRET_KEY": "a key that nobody guesses, in tests only"}
    if backend == "mariadb":
        server, name = request.getfixturevalue("mariadb"), f"clothes_migrated_{next(_numbers)}"
        server.create(name)
        environ["DATABASE_URL"] = server.url(name)
    settings = Settings.from_environ(environ)
    settings.data_dir.mkdir(parents=True)
    migrate(SITE, settings)
    assert SITE.metadata is not None
    database, metadata = open_database(SITE, settings), SITE.metadata()
    assert database is not None
    with database.writer() as session:
        connection = session.connection()
        context = MigrationContext.configure(connection, opts={"include_object": is_ours})
        assert compare_metadata(context, metadata) == []
        checks = {check["name"] for check in inspect(connection).get_check_constraints("variants")}
        assert checks == {"ck_variants_stock", "ck_variants_price_cents"}
    database.dispose()


def is_ours(_: object, name: str | None, kind: str, *__: object) -> bool:
    return kind != "table" or not (name or "").startswith(("chassis_", "alembic_"))
