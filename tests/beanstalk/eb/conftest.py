"""An account for each test."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.beanstalk.eb.account import Account
from tests.services.eb_program import Eb
from tests.services.elasticbeanstalk import ElasticBeanstalk
from tests.services.ministack import Ministack


@pytest.fixture
def account(eb: Eb, ministack: Ministack, made: Mapping[str, Path], tmp_path: Path) -> Iterator[Account]:
    """A new one; nobody but it is asked for anything, except for the newest version of `eb`."""
    service = ElasticBeanstalk(ministack.client("s3"))
    service.start()
    account = Account(eb, service, ministack, tmp_path)
    account.check_out(made)
    yield account
    service.stop()
    assert len(set(service.outward)) <= 1
    assert not any("amazonaws" in host for host in service.outward)
