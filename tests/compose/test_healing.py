"""What is healed is seen to be well at once, not when its next slow health check comes round."""

import pytest

from compose.control import Control

pytestmark = pytest.mark.compose

WORKER = "whatisthetime-worker-1"


def test_a_worker_that_hung_is_healthy_soon_after_it_goes_on(healed: Control) -> None:
    healed.pause(WORKER)
    healed.unpause(WORKER)
    healed.wait(WORKER, seconds=20)
