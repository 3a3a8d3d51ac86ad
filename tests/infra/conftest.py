"""Both stages in the emulator, once for all that look at them."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from beanstalk import formation, stacks
from beanstalk.stacks import APPS, Cloud, planned
from tests.infra import templates
from tests.services.ministack import Ministack

ELASTIC_IP = "192.0.2.10"


class Account:
    """An AWS account with the stacks of dev and prod."""

    def __init__(self, client: Callable[[str], Any]) -> None:
        self.client = client

    def cloud(self, stage: str) -> Cloud:
        """The stacks of a stage."""
        return Cloud(stage, self.client)

    def outputs(self, stage: str, *names: str) -> dict[str, str]:
        """What these stacks of a stage tell."""
        return self.cloud(stage).outputs(stack for stack in planned() if stack.name in names)

    def group(self, identifier: str) -> dict[str, Any]:
        """A security group."""
        found: dict[str, Any] = self.client("ec2").describe_security_groups(GroupIds=[identifier])["SecurityGroups"][0]
        return found

    def records(self, stage: str) -> dict[str, dict[str, Any]]:
        """The addresses in a stage's zone, by name."""
        zone = self.outputs(stage, "dns")["Zone"]
        found = self.client("route53").list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
        return {record["Name"]: record for record in found if record["Type"] == "A"}

    def policies(self, profile: str) -> dict[str, list[dict[str, Any]]]:
        """The statements of the role in an instance profile, by policy."""
        iam = self.client("iam")
        role = iam.get_instance_profile(InstanceProfileName=profile.rpartition("/")[2])["InstanceProfile"]["Roles"][0]
        names = iam.list_role_policies(RoleName=role["RoleName"])["PolicyNames"]
        got = (iam.get_role_policy(RoleName=role["RoleName"], PolicyName=name) for name in names)
        return {policy["PolicyName"]: policy["PolicyDocument"]["Statement"] for policy in got}


@pytest.fixture(scope="session")
def account(ministack: Ministack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    """Every stack that the emulator can make, deployed as a person would."""
    folder: Path = tmp_path_factory.mktemp("infra")
    templates.write_emulated(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", ministack.url)
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        patch.setattr(stacks, "FOLDER", folder)
        patch.setattr(stacks, "POLL_SECONDS", 0.05)
        for stage in stacks.STAGES:
            _deploy(stage)
        # Making a client reads the whole description of its service.
        yield Account(cache(ministack.client))


def _deploy(stage: str) -> None:
    assert formation.stacks(["deploy", stage, "Email=on-call@example.com"]) == 0
    assert formation.stacks(["deploy", stage, "dns", "certificate", f"Domain={stage}.example.com"]) == 0
    for app in APPS:
        where = (
            f"Addresses={ELASTIC_IP}" if stage == "dev" else f"Environment={app}-prod.us-east-1.elasticbeanstalk.com"
        )
        assert formation.stacks(["deploy", stage, f"{app}-records", where]) == 0
