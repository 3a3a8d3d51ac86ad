"""What the emulator cannot make, or makes without a word of what it left out, is asserted on the templates."""

from typing import Any

import pytest

from beanstalk.stacks import Stack, parameters, planned
from tests.infra.templates import NOT_EMULATED, names, read, referred

# Of these a deletion by mistake would cost what no stack can bring back.
KEPT = {
    "AWS::RDS::DBCluster": "Snapshot",
    "AWS::EFS::FileSystem": "Retain",
    "AWS::Backup::BackupVault": "Retain",
    "AWS::Route53::HostedZone": "Retain",
}
STATEFUL = {
    *KEPT,
    "AWS::RDS::DBInstance",
    "AWS::DynamoDB::Table",
    "AWS::SQS::Queue",
    "AWS::ElastiCache::ReplicationGroup",
    "AWS::SecretsManager::Secret",
}


def resources(name: str, kind: str) -> dict[str, dict[str, Any]]:
    return {key: one for key, one in read(name)["Resources"].items() if one["Type"] == kind}


def test_every_template_is_a_stack_and_every_stack_has_one() -> None:
    assert {stack.template for stack in planned()} == set(names())


def test_only_what_is_said_here_is_kept_from_the_emulator() -> None:
    kinds = {resource["Type"] for name in names() for resource in read(name)["Resources"].values()}
    assert kinds >= NOT_EMULATED


@pytest.mark.parametrize("name", names())
def test_a_template_knows_both_stages_and_says_what_it_made(name: str) -> None:
    template = read(name)
    assert template["Parameters"]["Stage"]["AllowedValues"] == ["dev", "prod"]
    assert template["Outputs"]


@pytest.mark.parametrize("stack", planned(), ids=lambda stack: stack.name)
def test_what_a_stack_needs_is_told_by_an_earlier_one(stack: Stack) -> None:
    before = [one for one in planned() if one.app in (None, stack.app)]
    told = {"Stage", "App"}.union(*(read(one.template)["Outputs"] for one in before[: before.index(stack)]))
    needed = {name for name, declared in parameters(stack).items() if "Default" not in declared}
    assert needed - told <= {"Domain", "ParentImage"}


@pytest.mark.parametrize("name", names())
def test_whatever_keeps_something_says_what_its_deletion_does(name: str) -> None:
    for key, resource in read(name)["Resources"].items():
        if resource["Type"] in STATEFUL:
            assert {"DeletionPolicy", "UpdateReplacePolicy"} <= resource.keys(), key
        if resource["Type"] in KEPT:
            assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == KEPT[resource["Type"]]


@pytest.mark.parametrize("name", names())
def test_no_password_is_a_parameter_or_written_down(name: str) -> None:
    template = read(name)
    assert not [key for key in template["Parameters"] if "password" in key.lower() or "token" in key.lower()]
    for secret in resources(name, "AWS::SecretsManager::Secret").values():
        made = secret["Properties"].get("GenerateSecretString")
        if made is None:
            # Put together of others, which are only named.
            assert "{{resolve:secretsmanager:" in str(secret["Properties"]["SecretString"])
        else:
            # It goes into a URL as it is.
            assert made["ExcludePunctuation"]
            assert made["PasswordLength"] >= 40


def test_every_secret_is_below_the_name_that_the_roles_allow() -> None:
    for name in names():
        for secret in resources(name, "AWS::SecretsManager::Secret").values():
            assert secret["Properties"]["Name"]["Fn::Sub"].startswith("classic/${Stage}/${App}/")


def test_the_balancer_reaches_the_web_and_nobody_else() -> None:
    [rule] = resources("security", "AWS::EC2::SecurityGroupEgress").values()
    assert rule["Properties"]["GroupId"] == {"Ref": "Balancer"}
    assert rule["Properties"]["DestinationSecurityGroupId"] == {"Ref": "Web"}
    assert (rule["Properties"]["FromPort"], rule["Properties"]["ToPort"]) == (80, 80)


def test_each_zone_has_a_nat_gateway_of_its_own_address() -> None:
    gateways = resources("network", "AWS::EC2::NatGateway")
    assert len(gateways) == len(resources("network", "AWS::EC2::EIP")) == 3
    subnets = {gateway["Properties"]["SubnetId"]["Ref"] for gateway in gateways.values()}
    assert subnets == {"PublicSubnetA", "PublicSubnetB", "PublicSubnetC"}
    routed = {
        route["Properties"]["RouteTableId"]["Ref"]
        for route in resources("network", "AWS::EC2::Route").values()
        if "NatGatewayId" in route["Properties"]
    }
    assert routed == {"PrivateRoutesA", "PrivateRoutesB", "PrivateRoutesC"}


def test_the_readers_follow_the_writer() -> None:
    readers = [one for one in resources("myclothes-data", "AWS::RDS::DBInstance").values() if "Condition" in one]
    assert [reader["Properties"]["SourceDBInstanceIdentifier"] for reader in readers] == [{"Ref": "Database"}] * 2
    writer = resources("myclothes-data", "AWS::RDS::DBInstance")["Database"]["Properties"]
    grown = {reader["Properties"]["MaxAllocatedStorage"] for reader in readers}
    assert grown == {writer["MaxAllocatedStorage"]}


def test_a_restored_database_takes_its_name_user_and_encryption_from_the_snapshot() -> None:
    nothing = {"Ref": "AWS::NoValue"}
    writer = resources("myclothes-data", "AWS::RDS::DBInstance")["Database"]["Properties"]
    cluster = resources("mywordpress-data", "AWS::RDS::DBCluster")["Database"]["Properties"]
    assert writer["DBSnapshotIdentifier"] == cluster["SnapshotIdentifier"]
    for name in ("DBName", "MasterUsername", "MasterUserPassword", "StorageEncrypted"):
        assert writer[name]["Fn::If"][0] == "IsNew"
        assert writer[name]["Fn::If"][2] == nothing
    for name in ("DatabaseName", "MasterUsername", "MasterUserPassword", "StorageEncrypted"):
        assert cluster[name]["Fn::If"][2] == nothing


def test_a_restored_file_system_gets_the_doors_and_the_access_point() -> None:
    template = read("mywordpress-data")["Resources"]
    for name in ("DoorA", "DoorB", "DoorC", "Media"):
        assert template[name]["Properties"]["FileSystemId"]["Fn::If"][1] == {"Ref": "RestoredFiles"}


def test_the_cache_admits_its_own_group_only() -> None:
    cache = resources("myclothes-data", "AWS::ElastiCache::ReplicationGroup")["Cache"]["Properties"]
    assert cache["SecurityGroupIds"] == [{"Ref": "CacheGroup"}]
    group = resources("myclothes-data", "AWS::EC2::SecurityGroup")["CacheGroup"]["Properties"]
    assert [rule["SourceSecurityGroupId"] for rule in group["SecurityGroupIngress"]] == [{"Ref": "Instances"}]


def test_sessions_end_when_they_say_so() -> None:
    table = resources("myclothes-data", "AWS::DynamoDB::Table")["Sessions"]["Properties"]
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}


def test_the_vault_copies_the_database_and_the_files() -> None:
    [selection] = resources("mywordpress-data", "AWS::Backup::BackupSelection").values()
    text = str(selection["Properties"]["BackupSelection"]["Resources"])
    assert "cluster:${Database}" in text
    assert "file-system/${id}" in text
    assert referred(selection) >= {"Copies", "CopyRole", "Files"}


def test_the_world_asks_for_the_page_that_needs_nothing() -> None:
    [check] = resources("records", "AWS::Route53::HealthCheck").values()
    asked = check["Properties"]["HealthCheckConfig"]
    assert (asked["Type"], asked["Port"], asked["ResourcePath"]) == ("HTTPS", 443, "/health/live")


def test_a_wrong_clock_rings_and_so_does_a_silent_one() -> None:
    alarm = resources("watch", "AWS::CloudWatch::Alarm")["ClockIsWrong"]["Properties"]
    [query] = alarm["Metrics"]
    assert 'SCHEMA("WhatIsTheTime/${Stage}", AvailabilityZone, InstanceId)' in query["Expression"]["Fn::Sub"]
    assert (alarm["Threshold"], alarm["TreatMissingData"]) == (0.5, "breaching")


def test_machines_are_reserved_in_each_zone_for_whoever_starts_there() -> None:
    reserved = [one["Properties"] for one in resources("capacity", "AWS::EC2::CapacityReservation").values()]
    assert [one["AvailabilityZone"]["Fn::Select"][0] for one in reserved] == [0, 1, 2]
    assert {one["InstanceMatchCriteria"] for one in reserved} == {"open"}


def test_the_golden_image_is_beanstalks_own_with_more_in_it() -> None:
    [recipe] = resources("image", "AWS::ImageBuilder::ImageRecipe").values()
    assert recipe["Properties"]["ParentImage"] == {"Ref": "ParentImage"}
    [parts] = resources("image", "AWS::ImageBuilder::Component").values()
    assert "amazon-efs-utils" in parts["Properties"]["Data"]["Fn::Sub"]
    assert read("image")["Outputs"]["Image"]["Value"] == {"Fn::GetAtt": ["Golden", "ImageId"]}


def test_beanstalks_own_group_is_named_nowhere() -> None:
    for name in names():
        assert "AWSEBSecurityGroup" not in str(read(name))
