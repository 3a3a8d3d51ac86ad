"""The site itself, asked without a network."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from apps.chassis.app import create_app
from apps.chassis.settings import Settings


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    """Somebody who asks the site."""
    return create_app(Settings.from_environ({"APP": "whatisthetime", "VAR_DIR": str(tmp_path)})).test_client()
