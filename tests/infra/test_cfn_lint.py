"""What AWS's own schemas say about the templates."""

from pathlib import Path

import pytest

from tests.infra.templates import FOLDER
from tests.services.cfn_lint import CfnLint

# It reads the schemas of all of AWS each time.
pytestmark = pytest.mark.long


def test_every_template_is_clean(cfn_lint: CfnLint) -> None:
    assert cfn_lint.findings(sorted(FOLDER.glob("*.yaml")), ["us-east-1", "ap-northeast-2"]) == ""


def test_a_mistake_would_be_found(cfn_lint: CfnLint, tmp_path: Path) -> None:
    wrong = (FOLDER / "queues.yaml").read_text().replace("VisibilityTimeout: 300", "VisibilityTimeout: 43201")
    (tmp_path / "queues.yaml").write_text(wrong)
    assert "43201" in cfn_lint.findings([tmp_path / "queues.yaml"], ["us-east-1"])
