import pytest

from beanstalk.check.findings import rules
from tests.beanstalk.check.mistakes import MISTAKES
from tests.beanstalk.check.planting import Planted

# Found by their own tests: they need a file on the disk, or an app that runs.
ELSEWHERE = {"bundle-broken", "bundle-size", "procfile-start", "health-answer", "cron-url-missing"}


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.rule)
def test_a_planted_mistake_is_found_at_its_line_and_nothing_else(mistake: Planted) -> None:
    found = mistake.found()
    assert (mistake.rule, mistake.file, mistake.line) in [(one.rule, one.file, one.line) for one in found]
    assert {one.rule for one in found} == {mistake.rule, *mistake.also}


def test_every_rule_has_a_planted_mistake() -> None:
    assert {mistake.rule for mistake in MISTAKES} | ELSEWHERE == set(rules())
    assert len(MISTAKES) >= 40


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.rule)
def test_each_finding_tells_what_is_wrong_and_its_remedy(mistake: Planted) -> None:
    for finding in mistake.found():
        assert str(finding).startswith(f"{finding.file}:{finding.line}  {finding.rule}  ")
        assert ";" in finding.text or finding.text.endswith("?")
        assert "\n" not in str(finding)
