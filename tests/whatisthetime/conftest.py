"""The site itself, asked without a network."""

import shutil

import pytest
from flask.testing import FlaskClient

from apps.chassis.app import Application, create_app
from apps.chassis.settings import Settings
from tools.programs import PLACES


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Application:
    """One site for all: it keeps nothing that one test could leave to the next."""
    var = tmp_path_factory.mktemp("whatisthetime")
    return create_app(Settings.from_environ({"APP": "whatisthetime", "VAR_DIR": str(var)}))


@pytest.fixture
def client(site: Application) -> FlaskClient:
    """Somebody who asks the site."""
    return site.test_client()


@pytest.fixture
def zdump() -> str:
    """The program, which is a part of libc."""
    program = shutil.which("zdump", path=PLACES)
    if program is None:
        pytest.skip("zdump is not here, so there is nothing to compare with")
    return program
