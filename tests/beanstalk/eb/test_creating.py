"""`eb create`: what it uploads, and which options it sends."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from beanstalk import stages
from tests.beanstalk.eb.account import Account
from tests.beanstalk.test_stages import EVERY, TOLD
from tests.services.elasticbeanstalk_environment import BRANCH, REGION, WEB, WORKER, options
from tests.services.ministack import Ministack

KIND = "aws:elasticbeanstalk:environment"
BALANCED = {(KIND, "LoadBalancerType"): "application"}
SINGLE = {(KIND, "EnvironmentType"): "SingleInstance"}
# What is typed after the name for each tier and stage, and what `eb` adds to the saved configuration by itself.
TYPED = {("web", "dev"): ("--single",), ("worker", "dev"): (), ("web", "prod"): (), ("worker", "prod"): ()}
ADDED = {("web", "dev"): SINGLE, ("worker", "dev"): {}, ("web", "prod"): BALANCED, ("worker", "prod"): {}}
# What `eb` says without a saved configuration, above which nothing in a bundle can rise.
OF_EB = {
    ("aws:elasticbeanstalk:healthreporting:system", "SystemType"): "enhanced",
    ("aws:elasticbeanstalk:command", "BatchSize"): "30",
    ("aws:elasticbeanstalk:command", "BatchSizeType"): "Percentage",
    ("aws:autoscaling:launchconfiguration", "IamInstanceProfile"): "aws-elasticbeanstalk-ec2-role",
    (KIND, "ServiceRole"): "aws-elasticbeanstalk-service-role",
}


def create(account: Account, app: str, tier: str, stage: str) -> str:
    """What docs/deploying.md says to type."""
    name = stages.environment_name(app, tier, stage)
    place = ("--cname", name) if tier == "web" else ("--tier", "worker")
    return account.eb(f"{app}-{tier}", "create", name, "--cfg", name, *place, *TYPED[tier, stage])


def render(account: Account, app: str, tier: str, stage: str) -> Path:
    """The environment's saved configuration, where `python -m beanstalk stage` writes it."""
    folder = account.project / ".elasticbeanstalk" / "saved_configs"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{stages.environment_name(app, tier, stage)}.cfg.yml"
    file.write_text(yaml.safe_dump(stages.rendered(app, tier, stage, TOLD)))
    return file


def check(account: Account, made: Mapping[str, Path], app: str, tier: str, stage: str) -> None:
    """Create the environment and look at everything that was sent for it."""
    saved = render(account, app, tier, stage)
    said = create(account, app, tier, stage)
    name = stages.environment_name(app, tier, stage)
    assert f"Successfully launched environment: {name}" in said
    sent = account.sent("CreateEnvironment")
    assert account.region.bundle(app, sent["VersionLabel"]) == made[f"{app}-{tier}"].read_bytes()
    assert account.region.saved(app, name) == saved.read_bytes()
    assert options(sent["OptionSettings"]) == ADDED[tier, stage]
    assert f"platform/{BRANCH}/" in sent["PlatformArn"]
    running = account.region.environment(name)
    assert (running.app, running.tier) == (app, WEB if tier == "web" else WORKER)
    assert running.cname == (f"{name}.{REGION}.elasticbeanstalk.com" if tier == "web" else None)
    assert running.effective == flat(yaml.safe_load(saved.read_text())["OptionSettings"]) | ADDED[tier, stage]


def flat(settings: Mapping[str, Mapping[str, Any]]) -> dict[tuple[str, str], str]:
    return {(namespace, name): value for namespace, each in settings.items() for name, value in each.items()}


@pytest.mark.parametrize(
    ("app", "tier", "stage"),
    [("whatisthetime", "web", "dev"), ("myclothes", "web", "prod"), ("mywordpress", "worker", "prod")],
)
def test_an_environment_gets_its_bundle_and_nothing_that_its_configuration_does_not_say(
    account: Account, made: Mapping[str, Path], app: str, tier: str, stage: str
) -> None:
    check(account, made, app, tier, stage)


def test_a_version_is_uploaded_before_there_is_an_environment_and_then_created_by_its_label(
    account: Account, made: Mapping[str, Path]
) -> None:
    account.eb("myclothes-worker", "appversion", "--create", "--label", "worker-1a2b3c4")
    assert account.region.bundle("myclothes", "worker-1a2b3c4") == made["myclothes-worker"].read_bytes()
    render(account, "myclothes", "worker", "dev")
    words = ("--cfg", "myclothes-dev-worker", "--tier", "worker", "--version", "worker-1a2b3c4")
    account.eb("myclothes-worker", "create", "myclothes-dev-worker", *words)
    assert account.region.environment("myclothes-dev-worker").version == "worker-1a2b3c4"
    assert len(account.region.versions) == 1


@pytest.mark.long
def test_every_environment_of_both_stages_is_created(account: Account, made: Mapping[str, Path]) -> None:
    for app, tier, stage in EVERY:
        check(account, made, app, tier, stage)
    running = {each.name for each in account.region.environments}
    assert running == {stages.environment_name(*each) for each in EVERY}


@pytest.mark.long
def test_without_a_saved_configuration_eb_sends_options_and_makes_roles_of_its_own(
    account: Account, ministack: Ministack
) -> None:
    account.eb("whatisthetime-worker", "create", "bare", "--tier", "worker", "--envvars", "A=1,B=two words")
    sent = options(account.sent("CreateEnvironment")["OptionSettings"])
    variables = "aws:elasticbeanstalk:application:environment"
    assert sent == OF_EB | {(variables, "A"): "1", (variables, "B"): "two words"}
    profile = ministack.client("iam").get_instance_profile(InstanceProfileName="aws-elasticbeanstalk-ec2-role")
    assert [role["RoleName"] for role in profile["InstanceProfile"]["Roles"]] == ["aws-elasticbeanstalk-ec2-role"]


def test_a_bundle_that_was_not_made_is_missed(account: Account) -> None:
    (account.project / "dist" / "myclothes-web.zip").unlink()
    done = account.try_eb("myclothes-web", "create", "myclothes-dev", "--single")
    assert done.returncode == 4
    assert "does not exist locally (bundle.zip)" in done.stdout
    assert account.service.asked("CreateEnvironment") == []
