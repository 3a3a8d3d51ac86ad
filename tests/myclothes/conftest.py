"""The small shop, once for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.myclothes.shop import Shop, Visitor


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(tmp_path)
    yield shop
    shop.close()


@pytest.fixture
def visitor(shop: Shop) -> Visitor:
    """Somebody without an account."""
    return shop.visitor()


@pytest.fixture
def ada(shop: Shop) -> Visitor:
    """Somebody with an account, signed in."""
    ada = shop.visitor()
    assert ada.sign_up().status_code == 303
    return ada
