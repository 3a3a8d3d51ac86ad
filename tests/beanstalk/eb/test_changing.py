"""`eb` on environments that exist: what each command sends, and what it says when AWS refuses."""

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from beanstalk import formation
from beanstalk.stacks import Cloud, Stack
from tests.beanstalk.eb.account import BRANCH, Account
from tests.beanstalk.eb.test_creating import render
from tests.services.elasticbeanstalk_environment import BRANCH as PLATFORM
from tests.services.elasticbeanstalk_environment import REGION

VARIABLES = "aws:elasticbeanstalk:application:environment"


@pytest.fixture(autouse=True)
def dev(account: Account) -> None:
    """Each test's environment."""
    account.has("myclothes-dev", "myclothes", SHOW_ARCHITECTURE="1", OLD="x")


def deploy(account: Account, *words: str) -> str:
    return account.eb("myclothes-web", "deploy", "myclothes-dev", "--region", REGION, *words)


def test_a_deployment_uploads_the_bundle_as_it_is_now_and_changes_nothing_else(account: Account) -> None:
    bundle = account.project / "dist" / "myclothes-web.zip"
    with zipfile.ZipFile(bundle, "a") as archive:
        archive.writestr("apps/newer.py", "")
    said = deploy(account)
    label = account.region.environment("myclothes-dev").version
    assert account.region.bundle("myclothes", label) == bundle.read_bytes()
    assert account.sent("UpdateEnvironment") == {"EnvironmentName": "myclothes-dev", "VersionLabel": label}
    assert "Environment update completed successfully." in said


def test_a_version_is_uploaded_once_and_promoted_by_its_label(account: Account, made: Mapping[str, Path]) -> None:
    account.has("myclothes-prod", "myclothes")
    deploy(account, "--label", "web-1a2b3c4")
    uploaded = account.region.versions["myclothes", "web-1a2b3c4"]
    account.eb("myclothes-web", "deploy", "myclothes-prod", "--region", REGION, "--version", "web-1a2b3c4")
    assert account.region.environment("myclothes-prod").version == "web-1a2b3c4"
    assert account.region.versions["myclothes", "web-1a2b3c4"] is uploaded
    assert account.region.bundle("myclothes", "web-1a2b3c4") == made["myclothes-web"].read_bytes()


def test_a_deployment_that_fails_on_the_instances_fails_here(account: Account) -> None:
    account.region.failure = "Failed to deploy application."
    done = account.try_eb("myclothes-web", "deploy", "myclothes-dev", "--region", REGION)
    assert done.returncode == 4
    assert "ERROR   Failed to deploy application." in done.stdout


@pytest.mark.long
def test_the_events_of_a_deployment_are_told_as_they_come(account: Account) -> None:
    account.region.tells_all = True
    said = deploy(account)
    assert said.index("Environment update is starting.") < said.index("Environment update completed successfully.")


def test_the_status_tells_version_name_and_health(account: Account) -> None:
    said = account.eb("myclothes-web", "status", "myclothes-dev")
    for line in ("Deployed Version: first", f"CNAME: myclothes-dev.{REGION}.elasticbeanstalk.com", "Health: Green"):
        assert line in said
    assert PLATFORM in said


def test_variables_are_set_and_taken_away_and_the_others_stay(account: Account) -> None:
    account.eb("myclothes-web", "setenv", "-e", "myclothes-dev", "OLD=", "MAIL_FROM=Shop <shop@example.com>, a=b")
    assert account.sent("UpdateEnvironment") == {
        "EnvironmentName": "myclothes-dev",
        "OptionSettings": [option("MAIL_FROM", "Shop <shop@example.com>, a=b")],
        "OptionsToRemove": [{"Namespace": VARIABLES, "OptionName": "OLD"}],
    }
    settings = account.region.environment("myclothes-dev").effective
    assert settings == {(VARIABLES, "SHOW_ARCHITECTURE"): "1", (VARIABLES, "MAIL_FROM"): "Shop <shop@example.com>, a=b"}


@pytest.mark.long
def test_the_number_of_instances_is_set_for_now(account: Account) -> None:
    account.eb("myclothes-web", "scale", "4", "myclothes-dev")
    sizes = {each["OptionName"]: each["Value"] for each in account.sent("UpdateEnvironment")["OptionSettings"]}
    assert sizes == {"MinSize": "4", "MaxSize": "4"}


def option(name: str, value: str) -> dict[str, Any]:
    return {"Namespace": VARIABLES, "OptionName": name, "Value": value}


def test_a_saved_configuration_that_was_rendered_anew_is_applied(account: Account) -> None:
    saved = render(account, "myclothes", "web", "dev")
    account.eb("myclothes-web", "config", "myclothes-dev", "--cfg", "myclothes-dev")
    assert account.sent("UpdateEnvironment") == {"EnvironmentName": "myclothes-dev", "TemplateName": "myclothes-dev"}
    assert account.region.saved("myclothes", "myclothes-dev") == saved.read_bytes()


def test_two_environments_swap_their_names(account: Account) -> None:
    account.has("myclothes-green", "myclothes")
    account.eb("myclothes-web", "swap", "myclothes-dev", "-n", "myclothes-green")
    names = [account.region.environment(name).cname for name in ("myclothes-dev", "myclothes-green")]
    assert names == [f"myclothes-{name}.{REGION}.elasticbeanstalk.com" for name in ("green", "dev")]


def test_an_environment_is_terminated_and_then_its_application(account: Account) -> None:
    balanced = account.has("myclothes-prod", "myclothes")
    balanced.sent["aws:elasticbeanstalk:environment", "LoadBalancerType"] = "application"
    for name in ("myclothes-prod", "myclothes-dev"):
        account.eb("myclothes-web", "terminate", name, "--force")
        assert account.sent("TerminateEnvironment")["EnvironmentName"] == name
    # Without a region `eb` would delete its folder too, and with it what is committed there.
    account.eb("myclothes-web", "terminate", "--all", "--force", "--region", REGION)
    assert account.region.applications == {}


@pytest.mark.long
def test_initialising_keeps_what_is_committed_and_makes_the_application(account: Account) -> None:
    account.eb("mywordpress-web", "init", "mywordpress", "--platform", PLATFORM, "--region", REGION)
    assert "mywordpress" in account.region.applications
    own = account.project / "eb" / "mywordpress-web" / ".elasticbeanstalk" / "config.yml"
    assert f"default_region: {REGION}" in own.read_text()
    assert f"{BRANCH}:\n    environment: null" in own.read_text()


def test_the_stack_of_the_records_finds_where_the_site_is(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    import boto3

    monkeypatch.setenv("AWS_ENDPOINT_URL_ELASTIC_BEANSTALK", account.service.url)
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    cloud = Cloud("dev", boto3.session.Session().client)
    found = formation.environment(cloud, Stack("records", "myclothes"), {})
    assert found == {"Addresses": "", "Environment": f"myclothes-dev.{REGION}.elasticbeanstalk.com"}
