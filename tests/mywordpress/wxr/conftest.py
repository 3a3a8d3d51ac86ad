"""The old site, whose files an import may fetch."""

from collections.abc import Iterator

import pytest

from tests.mywordpress.wxr.oldsite import OldSite


@pytest.fixture
def old() -> Iterator[OldSite]:
    site = OldSite()
    yield site
    site.close()
