import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.services.ministack import Ministack
from tools.programs import find

ROOT = Path(__file__).parents[2]
STAGES = re.split(r"^(?=FROM )", (ROOT / "docker/Dockerfile").read_text(), flags=re.M)[1:]
OURS = {re.search(r" AS ([\w-]+)", stage)[1]: stage for stage in STAGES}  # type: ignore[index]


def test_every_image_starts_from_debian_itself() -> None:
    bases = {stage.split()[1] for stage in STAGES}
    assert bases - OURS.keys() == {"debian:bookworm-slim"}
    # What a service runs in is never what pip was installed in.
    assert "environments" not in {OURS[name].split()[1] for name in ("app", "cloud")}


@pytest.mark.parametrize("image", ["app", "balancer", "cache", "cloud", "database", "names"])
def test_no_image_runs_as_root(image: str) -> None:
    assert re.findall(r"^USER (.*)", OURS[image], re.M) == ["10001:10001"]


def test_shellcheck_has_nothing_to_say() -> None:
    scripts = [path for path in (ROOT / "docker").rglob("*") if path.is_file() and _is_shell(path)]
    assert len(scripts) >= 5
    checker = find("shellcheck")
    if checker is None:
        pytest.skip("shellcheck is not installed")
    subprocess.run([checker, *scripts, ROOT / ".ci/run"], check=True)


def _is_shell(path: Path) -> bool:
    return bool(re.match(rb"#!/bin/(ba)?sh", path.read_bytes()[:20]))


def test_the_local_cloud_provides_what_cloudformation_does(ministack: Ministack) -> None:
    names = {"QUEUES": "provided", "TABLE": "provided", "SENDERS": "shop.example"}
    for _ in range(2):
        provide(ministack, names)
    sqs = ministack.client("sqs")
    url = sqs.get_queue_url(QueueName="provided")["QueueUrl"]
    attributes: dict[str, Any] = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    redrive = json.loads(attributes["RedrivePolicy"])
    assert redrive["deadLetterTargetArn"].endswith(":provided-dead")
    assert int(redrive["maxReceiveCount"]) == 10
    assert "provided" in ministack.client("dynamodb").list_tables()["TableNames"]
    identities = ministack.client("ses").get_identity_verification_attributes(Identities=["shop.example"])
    assert identities["VerificationAttributes"]["shop.example"]["VerificationStatus"] == "Success"


def provide(ministack: Ministack, names: dict[str, str]) -> None:
    """Run the program as ministack does, with its own Python."""
    environ = {
        "AWS_ENDPOINT_URL": ministack.url,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }
    python = ministack.program.with_name("python")
    subprocess.run([python, ROOT / "docker/cloud/provide.py"], env=environ | names, check=True)
