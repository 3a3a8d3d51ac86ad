"""Saved configurations: what each environment is given, and what only some can take."""

from itertools import product
from pathlib import Path

import pytest

from beanstalk import stages
from beanstalk.refusals import Refused
from beanstalk.stacks import APPS, STAGES

ACCOUNT = "123456789012"
SECRET = f"arn:aws:secretsmanager:ap-northeast-2:{ACCOUNT}:secret:classic/prod/mywordpress/urls-AbCdEf"
# As long as AWS makes them.
TOLD = {
    "Region": "ap-northeast-2",
    "Vpc": "vpc-0123456789abcdef0",
    "PublicSubnets": ",".join(["subnet-0123456789abcdef0"] * 3),
    "PrivateSubnets": ",".join(["subnet-fedcba98765432100"] * 3),
    "Instances": "sg-0000000000000001",
    "Web": "sg-0000000000000002",
    "Balancer": "sg-0000000000000003",
    "WebProfile": "web-profile",
    "WorkerProfile": "worker-profile",
    "ServiceRole": f"arn:aws:iam::{ACCOUNT}:role/classic-prod-mywordpress-roles-ServiceRole-AAAAAAAAAAAA",
    "QueueUrl": f"https://sqs.ap-northeast-2.amazonaws.com/{ACCOUNT}/mywordpress-prod",
    "QueueName": "mywordpress-prod",
    "SecretKey": SECRET,
    "Certificate": f"arn:aws:acm:ap-northeast-2:{ACCOUNT}:certificate/00000000-0000-0000-0000-000000000000",
    "DatabaseSecret": f"{SECRET}:DATABASE_URL",
    "ReaderSecret": f"{SECRET}:DATABASE_REPLICA_URLS",
    "SessionSecret": f"{SECRET}:SESSION_URL",
    "CacheSecret": f"{SECRET}:CACHE_URL",
    "MailSecret": f"{SECRET}:MAIL_URL",
    "FileSystem": "fs-0123456789abcdef0",
    "AccessPoint": "fsap-0123456789abcdef0",
    "SharedStorage": "file:///mnt/media",
    "MustBeMounted": "1",
}
EVERY = list(product(APPS, stages.TIERS, STAGES))


def options(app: str, tier: str, stage: str, **given: str) -> stages.Options:
    rendered: stages.Options = stages.rendered(app, tier, stage, TOLD | given)["OptionSettings"]
    return rendered


@pytest.mark.parametrize(("app", "tier", "stage"), EVERY)
def test_an_environment_is_complete_and_small_enough(app: str, tier: str, stage: str) -> None:
    rendered = options(app, tier, stage)
    assert stages.environment_size(rendered) < 4096
    variables = rendered["aws:elasticbeanstalk:application:environment"]
    assert {"ENVIRONMENT", "PUBLIC_URL", "QUEUE_URL", "TRUSTED_PROXY_HOPS"} <= variables.keys()
    assert not [value for values in rendered.values() for value in values.values() if "${" in value or not value]
    # Faults are for lessons: whoever gives one sets it, and takes it away again.
    assert "FAULTS" not in variables


@pytest.mark.parametrize(("app", "tier", "stage"), EVERY)
def test_only_a_balanced_web_environment_has_what_a_balancer_takes(app: str, tier: str, stage: str) -> None:
    rendered = options(app, tier, stage)
    balanced = {
        name for name in rendered if name.startswith(("aws:elbv2:", "aws:elasticbeanstalk:environment:process:"))
    }
    assert bool(balanced) == ((tier, stage) == ("web", "prod"))
    assert ("LoadBalancerType" in rendered["aws:elasticbeanstalk:environment"]) == bool(balanced)
    assert ("ELBSubnets" in rendered["aws:ec2:vpc"]) == bool(balanced)


@pytest.mark.parametrize(("app", "tier", "stage"), EVERY)
def test_only_a_worker_has_a_queue_to_take_from(app: str, tier: str, stage: str) -> None:
    rendered = options(app, tier, stage)
    assert ("aws:elasticbeanstalk:sqsd" in rendered) == (tier == "worker")
    assert ("QueueName" in rendered.get("aws:elasticbeanstalk:customoption", {})) == (tier == "worker")


@pytest.mark.parametrize("app", APPS)
def test_prod_is_checked_where_no_dependency_can_fail_it(app: str) -> None:
    process = options(app, "web", "prod")["aws:elasticbeanstalk:environment:process:default"]
    assert (process["HealthCheckPath"], process["MatcherHTTPCode"]) == ("/health/live", "200")
    assert int(process["DeregistrationDelay"]) > 60


def test_prod_is_served_by_https_from_private_subnets() -> None:
    rendered = options("myclothes", "web", "prod", Domain="example.com")
    assert rendered["aws:elbv2:listener:443"]["SSLCertificateArns"] == TOLD["Certificate"]
    assert rendered["aws:ec2:vpc"]["Subnets"] == TOLD["PrivateSubnets"]
    assert rendered["aws:ec2:vpc"]["ELBSubnets"] == TOLD["PublicSubnets"]
    variables = rendered["aws:elasticbeanstalk:application:environment"]
    assert variables["PUBLIC_URL"] == "https://myclothes.example.com"
    assert variables["TRUSTED_PROXY_HOPS"] == "2"


def test_dev_is_a_single_instance_with_a_name_of_its_own_or_of_the_domain() -> None:
    rendered = options("myclothes", "web", "dev")
    assert rendered["aws:elasticbeanstalk:environment"]["EnvironmentType"] == "SingleInstance"
    variables = rendered["aws:elasticbeanstalk:application:environment"]
    assert variables["PUBLIC_URL"] == "http://myclothes-dev.ap-northeast-2.elasticbeanstalk.com"
    assert variables["TRUSTED_PROXY_HOPS"] == "1"


def test_stickiness_is_a_choice() -> None:
    process = "aws:elasticbeanstalk:environment:process:default"
    assert options("myclothes", "web", "prod")[process]["StickinessEnabled"] == "false"
    assert options("myclothes", "web", "prod", Sticky="true")[process]["StickinessEnabled"] == "true"


def test_no_password_is_in_a_configuration() -> None:
    for app, tier, stage in EVERY:
        secrets = options(app, tier, stage)["aws:elasticbeanstalk:application:environmentsecrets"]
        assert all(value.startswith("arn:aws:secretsmanager:") for value in secrets.values())
        assert "SECRET_KEY" in secrets


@pytest.mark.parametrize("tier", stages.TIERS)
def test_web_and_worker_know_alike_whether_they_share_the_pictures(tier: str) -> None:
    own = {name: value for name, value in TOLD.items() if name not in ("SharedStorage", "MustBeMounted")}
    for told, shared in ((TOLD, "1"), (own, "0")):
        rendered = stages.rendered("mywordpress", tier, "dev", told)["OptionSettings"]
        assert rendered["aws:elasticbeanstalk:application:environment"]["STORAGE_SHARED"] == shared


def test_what_nobody_tells_and_has_no_default_is_asked_for() -> None:
    told = {name: value for name, value in TOLD.items() if name != "Certificate"}
    with pytest.raises(Refused, match=r"no stack tells Certificate: .* add Certificate=VALUE"):
        stages.rendered("myclothes", "web", "prod", told)


def test_an_environment_that_beanstalk_would_refuse_is_refused_here() -> None:
    with pytest.raises(Refused, match="4096"):
        options("myclothes", "web", "prod", QueueUrl="https://" + "a" * 4096)


def test_an_option_has_one_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("common", "prod"):
        (tmp_path / f"{name}.yaml").write_text("aws:autoscaling:asg:\n  MinSize: '1'\n")
    monkeypatch.setattr(stages, "TEMPLATES", tmp_path)
    with pytest.raises(Refused, match=r"prod.yaml: aws:autoscaling:asg MinSize is set by an earlier template"):
        stages.rendered("myclothes", "web", "prod", {})


def test_every_template_belongs_to_some_environment() -> None:
    used = {name for app, tier, stage in EVERY for name in stages.layers(app, tier, stage)}
    assert {file.stem for file in stages.TEMPLATES.iterdir()} <= used
