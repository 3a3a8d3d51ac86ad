"""What a person types, and where records are to point."""

from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from beanstalk import formation
from beanstalk.refusals import Refused
from beanstalk.stacks import Cloud, Stack, planned

RECORDS = Stack("records", "myclothes")


def told(*environments: dict[str, Any]) -> Callable[[str], Any]:
    """A client of Beanstalk that knows these environments."""

    def client(service: str) -> Any:
        made = boto3.client(service, "eu-west-1", aws_access_key_id="test", aws_secret_access_key="test")
        stubber = Stubber(made)
        if service == "elasticbeanstalk":
            asked = {"EnvironmentNames": ["myclothes-prod"], "IncludeDeleted": False}
            stubber.add_response("describe_environments", {"Environments": list(environments)}, asked)
        stubber.activate()
        return made

    return client


def test_records_of_a_balanced_environment_name_the_environment() -> None:
    cname = "MyClothes-Prod.eu-west-1.elasticbeanstalk.com"
    cloud = Cloud("prod", told({"EndpointURL": "awseb-e-1.eu-west-1.elb.amazonaws.com", "CNAME": cname}))
    assert formation.environment(cloud, RECORDS, {}) == {"Environment": cname.lower(), "Addresses": ""}


def test_records_of_a_single_instance_name_its_address() -> None:
    cname = "myclothes-prod.eu-west-1.elasticbeanstalk.com"
    cloud = Cloud("prod", told({"EndpointURL": "192.0.2.1", "CNAME": cname}))
    assert formation.environment(cloud, RECORDS, {}) == {"Environment": "", "Addresses": "192.0.2.1"}


def test_records_without_an_environment_say_so() -> None:
    with pytest.raises(Refused, match="there is no environment myclothes-prod"):
        formation.environment(Cloud("prod", told()), RECORDS, {})


@pytest.mark.parametrize(
    "argv", [[], ["deploy"], ["deploy", "staging"], ["delete", "prod"], ["Stage=dev"], ["list", "dev", "more"]]
)
def test_a_command_that_is_not_meant_is_explained(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert formation.stacks(argv) == 2
    assert "usage: python -m beanstalk stacks" in capsys.readouterr().err


@pytest.mark.parametrize("argv", [[], ["myclothes", "web"], ["shop", "web", "dev"], ["myclothes", "cron", "dev"]])
def test_an_environment_that_is_not_ours_is_explained(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert formation.stage(argv) == 2
    assert "usage: python -m beanstalk stage" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("argv", "said"),
    [(["deploy", "dev", "nework"], "there is no stack nework"), (["deploy", "dev", "Emial=a"], "takes Emial")],
)
def test_a_word_that_means_nothing_is_refused_before_anything_is_made(
    argv: list[str], said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    assert formation.stacks(argv) == 1
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("word", ["Stickey=true", "MinSize=2"])
def test_what_an_environment_does_not_take_is_refused(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert formation.stage(["myclothes", "web", "dev", word]) == 1
    assert f"myclothes-dev takes no {word.partition('=')[0]}" in capsys.readouterr().err


def test_what_costs_money_beside_the_rest_waits_to_be_named() -> None:
    meant = [stack.name for stack in planned() if stack.is_meant([])]
    assert "network" in meant
    assert not [name for name in meant if "records" in name or name in ("capacity", "image", "dns")]
    assert [stack.name for stack in planned() if stack.is_meant(["myclothes"])] == [
        "myclothes-security",
        "myclothes-data",
        "myclothes-queues",
        "myclothes-roles",
        "myclothes-watch",
    ]
