"""What the instances of each app may do, as IAM describes it."""

import pytest

from beanstalk.stacks import APPS
from tests.infra.conftest import Account


@pytest.mark.parametrize("app", APPS)
def test_a_web_instance_may_only_send_to_its_own_queue(account: Account, app: str) -> None:
    policies = account.policies(account.outputs("prod", f"{app}-roles")["WebProfile"])
    [statement] = policies["queue"]
    assert statement["Action"] == "sqs:SendMessage"
    assert statement["Resource"].endswith(f":{app}-prod")


def test_a_worker_may_receive_from_its_own_queue_and_nothing_else_of_sqs(account: Account) -> None:
    policies = account.policies(account.outputs("prod", "myclothes-roles")["WorkerProfile"])
    receiving, leading = policies["queue"]
    assert "sqs:DeleteMessage" in receiving["Action"]
    assert [arn.rpartition(":")[2] for arn in receiving["Resource"]] == ["myclothes-prod", "myclothes-prod-dead"]
    assert "AWSEBWorkerCronLeaderRegistry" in leading["Resource"]


@pytest.mark.parametrize("app", APPS)
@pytest.mark.parametrize("tier", ["Web", "Worker"])
def test_an_instance_reads_no_secret_but_its_apps(account: Account, app: str, tier: str) -> None:
    policies = account.policies(account.outputs("prod", f"{app}-roles")[f"{tier}Profile"])
    statements = [statement for statements in policies.values() for statement in statements]
    secrets = [one["Resource"] for one in statements if one["Action"] == "secretsmanager:GetSecretValue"]
    assert [arn.rpartition(":secret:")[2] for arn in secrets] == [f"classic/prod/{app}/*"]
    # Only what knows no narrower form may be allowed everywhere.
    everywhere = {str(one["Action"]).partition(":")[0].strip("['") for one in statements if one["Resource"] == "*"}
    assert everywhere <= {"logs", "ssm", "cloudwatch"}


def test_only_mywordpress_mounts_and_only_myclothes_keeps_sessions(account: Account) -> None:
    for app in APPS:
        policies = account.policies(account.outputs("prod", f"{app}-roles")["WebProfile"])
        assert ("files" in policies) == (app == "mywordpress")
        assert ("sessions" in policies) == (app == "myclothes")
    point = account.outputs("prod", "mywordpress-data")["AccessPoint"]
    [mount] = account.policies(account.outputs("prod", "mywordpress-roles")["WorkerProfile"])["files"]
    assert mount["Condition"]["StringEquals"]["elasticfilesystem:AccessPointArn"].endswith(f"access-point/{point}")
