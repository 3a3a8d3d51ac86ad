"""The commands, and what an environment is given from what they made."""

import json
from pathlib import Path

import pytest
import yaml

from apps.chassis.settings import Settings
from beanstalk import formation, stacks, stages
from beanstalk.stacks import APPS
from tests.infra.conftest import ELASTIC_IP, Account


@pytest.mark.parametrize("stage", stacks.STAGES)
@pytest.mark.parametrize("app", APPS)
@pytest.mark.parametrize("tier", ["web", "worker"])
def test_the_app_starts_with_what_its_environment_is_given(account: Account, app: str, tier: str, stage: str) -> None:
    options = stages.rendered(app, tier, stage, account.cloud(stage).known(app))["OptionSettings"]
    plain, secret = (options[namespace] for namespace in stages.VARIABLES)
    settings = Settings.from_environ(
        {"APP": app} | plain | {name: secret_value(account, arn) for name, arn in secret.items()}
    )
    assert settings.production
    assert settings.public_url == f"{'https' if stage == 'prod' else 'http'}://{app}.{stage}.example.com"
    assert len(settings.database_replica_urls) == {"myclothes": 2, "mywordpress": 1}.get(app, 0) * (stage == "prod")


def test_an_environments_options_are_written_where_eb_looks(
    account: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stages, "SAVED", tmp_path / "saved_configs")
    assert formation.stage(["myclothes", "web", "prod", "Sticky=true"]) == 0
    saved = yaml.safe_load((tmp_path / "saved_configs" / "myclothes-prod.cfg.yml").read_text())
    options = saved["OptionSettings"]
    assert options["aws:elasticbeanstalk:environment:process:default"]["StickinessEnabled"] == "true"
    groups = account.outputs("prod", "myclothes-security")
    assert options["aws:autoscaling:launchconfiguration"]["SecurityGroups"] == f"{groups['Instances']},{groups['Web']}"
    assert options["aws:ec2:vpc"]["Subnets"] == account.outputs("prod", "network")["PrivateSubnets"]


def secret_value(account: Account, arn: str) -> str:
    """What Beanstalk gives the variable: the secret, or the one key of it that follows its ARN."""
    key = arn.removeprefix("arn:").split(":")[6:]
    identifier = arn.removesuffix(f":{key[0]}") if key else arn
    value: str = account.client("secretsmanager").get_secret_value(SecretId=identifier)["SecretString"]
    return str(json.loads(value)[key[0]]) if key else value


def test_a_second_deployment_changes_nothing(account: Account, capsys: pytest.CaptureFixture[str]) -> None:
    assert formation.stacks(["deploy", "dev", "myclothes"]) == 0
    states = {line.split()[1] for line in capsys.readouterr().out.splitlines()}
    assert states <= {"CREATE_COMPLETE", "UPDATE_COMPLETE"}


def test_a_choice_is_kept_until_another_is_made(account: Account) -> None:
    for words, seconds in ((["Seconds=5"], 5), ([], 5), (["Seconds=60"], 60)):
        assert formation.stacks(["deploy", "dev", "whatisthetime-records", f"Addresses={ELASTIC_IP}", *words]) == 0
        assert account.records("dev")["whatisthetime.dev.example.com."]["TTL"] == seconds


def test_the_volume_of_dev_is_made_from_a_snapshot(account: Account) -> None:
    snapshot = "snap-0123456789abcdef0"
    assert formation.stacks(["deploy", "dev", "mywordpress-data", f"VolumeSnapshot={snapshot}"]) == 0
    options = stages.rendered("mywordpress", "web", "dev", account.cloud("dev").known("mywordpress"))["OptionSettings"]
    launched = options["aws:autoscaling:launchconfiguration"]
    assert launched["BlockDeviceMappings"] == f"/dev/sdh={snapshot}:20:false:gp3"
    assert formation.stacks(["deploy", "dev", "mywordpress-data", "VolumeSnapshot="]) == 0


def test_dev_may_share_its_pictures_and_a_restored_file_system_is_served(account: Account) -> None:
    restored = account.client("efs").create_file_system(CreationToken="restored")["FileSystemId"]
    words = ["mywordpress-data", "mywordpress-roles", "Pictures=shared", f"RestoredFiles={restored}"]
    assert formation.stacks(["deploy", "dev", *words]) == 0
    assert len(account.client("efs").describe_mount_targets(FileSystemId=restored)["MountTargets"]) == 3
    for tier in stages.TIERS:
        known = account.cloud("dev").known("mywordpress")
        options = stages.rendered("mywordpress", tier, "dev", known)["OptionSettings"]
        variables = options["aws:elasticbeanstalk:application:environment"]
        assert (variables["EFS_FILE_SYSTEM"], variables["STORAGE_REQUIRE_MOUNT"]) == (restored, "1")
        assert variables["STORAGE_SHARED"] == "1"
        assert "BlockDeviceMappings" not in options["aws:autoscaling:launchconfiguration"]
    assert "files" in account.policies(account.outputs("dev", "mywordpress-roles")["WebProfile"])
    words = ["mywordpress-data", "mywordpress-roles", "Pictures=volume", "RestoredFiles="]
    assert formation.stacks(["deploy", "dev", *words]) == 0
    assert "files" not in account.policies(account.outputs("dev", "mywordpress-roles")["WebProfile"])


def test_a_snapshot_makes_another_database_which_the_app_then_finds(account: Account) -> None:
    before = account.cloud("dev").known("myclothes")["Database"]
    account.client("rds").create_db_snapshot(DBSnapshotIdentifier="kept", DBInstanceIdentifier=before)
    assert formation.stacks(["deploy", "dev", "myclothes-data", "DatabaseSnapshot=kept"]) == 0
    known = account.cloud("dev").known("myclothes")
    assert known["Database"] != before
    assert f"@{known['Database']}." in secret_value(account, known["DatabaseSecret"])


def test_a_stack_that_lacks_a_value_says_which(account: Account, capsys: pytest.CaptureFixture[str]) -> None:
    assert formation.stacks(["deploy", "dev", "image"]) == 1
    assert "image needs ParentImage" in capsys.readouterr().err


def test_stacks_are_deleted_by_name(account: Account, capsys: pytest.CaptureFixture[str]) -> None:
    assert formation.stacks(["delete", "dev", "mywordpress-watch"]) == 0
    assert formation.stacks(["list", "dev"]) == 0
    assert "mywordpress-watch        -" in capsys.readouterr().out.splitlines()
    assert formation.stacks(["deploy", "dev", "mywordpress-watch"]) == 0
