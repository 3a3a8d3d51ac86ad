"""What the stacks make, as the services themselves describe it."""

import json
from typing import Any

import pytest

from beanstalk import stacks
from beanstalk.stacks import APPS
from tests.infra.conftest import ELASTIC_IP, Account
from tests.infra.templates import read

NOBODY = "127.0.0.1/32"


def admitted(group: dict[str, Any]) -> set[tuple[int, str]]:
    """Who may connect: port and the address or group it is open to."""
    return {
        (rule["FromPort"], who)
        for rule in group["IpPermissions"]
        for who in [
            *(pair["GroupId"] for pair in rule.get("UserIdGroupPairs", [])),
            *(addresses["CidrIp"] for addresses in rule.get("IpRanges", [])),
        ]
    }


@pytest.mark.parametrize("stage", stacks.STAGES)
def test_a_stage_has_a_public_and_a_private_subnet_in_each_of_three_zones(account: Account, stage: str) -> None:
    told = account.outputs(stage, "network")
    ec2 = account.client("ec2")
    for kind in ("PublicSubnets", "PrivateSubnets"):
        subnets = ec2.describe_subnets(SubnetIds=told[kind].split(","))["Subnets"]
        assert len({subnet["AvailabilityZone"] for subnet in subnets}) == 3
        assert {subnet["VpcId"] for subnet in subnets} == {told["Vpc"]}


def test_only_public_subnets_are_routed_to_the_internet_gateway(account: Account) -> None:
    told = account.outputs("prod", "network")
    tables = account.client("ec2").describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [told["Vpc"]]}])[
        "RouteTables"
    ]
    open_subnets = {
        association["SubnetId"]
        for table in tables
        if any(route.get("GatewayId", "").startswith("igw-") for route in table["Routes"])
        for association in table["Associations"]
        if "SubnetId" in association
    }
    assert open_subnets == set(told["PublicSubnets"].split(","))


@pytest.mark.parametrize("app", APPS)
def test_in_prod_the_world_reaches_the_balancer_and_the_balancer_the_web(account: Account, app: str) -> None:
    told = account.outputs("prod", f"{app}-security")
    assert admitted(account.group(told["Balancer"])) == {(80, "0.0.0.0/0"), (443, "0.0.0.0/0")}
    assert admitted(account.group(told["Web"])) == {(80, told["Balancer"])}
    assert admitted(account.group(told["Instances"])) == set()


def test_in_dev_the_world_reaches_the_only_instance(account: Account) -> None:
    told = account.outputs("dev", "myclothes-security")
    assert admitted(account.group(told["Web"])) == {(80, "0.0.0.0/0")}
    assert "Balancer" not in told


@pytest.mark.parametrize("stage", stacks.STAGES)
def test_a_database_admits_its_own_apps_instances_and_reaches_nobody(account: Account, stage: str) -> None:
    clients = account.outputs(stage, "myclothes-security")["Instances"]
    writer = account.outputs(stage, "myclothes-data")["Database"]
    [found] = account.client("rds").describe_db_instances(DBInstanceIdentifier=writer)["DBInstances"]
    [group] = found["VpcSecurityGroups"]
    described = account.group(group["VpcSecurityGroupId"])
    assert admitted(described) == {(3306, clients)}
    assert [addresses["CidrIp"] for rule in described["IpPermissionsEgress"] for addresses in rule["IpRanges"]] == [
        NOBODY
    ]


def test_in_prod_the_database_has_a_standby_and_readers_in_other_zones(account: Account) -> None:
    told = account.outputs("prod", "myclothes-data")
    rds = account.client("rds")
    [writer] = rds.describe_db_instances(DBInstanceIdentifier=told["Database"])["DBInstances"]
    assert writer["Engine"] == "mariadb"
    assert writer["MultiAZ"]
    assert writer["StorageEncrypted"]
    assert writer["DeletionProtection"]
    assert writer["BackupRetentionPeriod"] == 14
    assert not writer["PubliclyAccessible"]
    readers = [
        rds.describe_db_instances(DBInstanceIdentifier=told[name])["DBInstances"][0] for name in ("Reader1", "Reader2")
    ]
    assert len({reader["AvailabilityZone"] for reader in readers}) == 2


def test_the_writer_of_dev_and_prod_can_be_followed(account: Account) -> None:
    # The emulator's stacks leave out whom a reader follows, so the service itself is asked for one.
    rds = account.client("rds")
    for stage in stacks.STAGES:
        writer = account.outputs(stage, "myclothes-data")["Database"]
        rds.create_db_instance_read_replica(DBInstanceIdentifier=f"{stage}-reader", SourceDBInstanceIdentifier=writer)
        [reader] = rds.describe_db_instances(DBInstanceIdentifier=f"{stage}-reader")["DBInstances"]
        assert reader["ReadReplicaSourceDBInstanceIdentifier"] == writer


def test_dev_has_one_small_database_of_each_app(account: Account) -> None:
    told = account.outputs("dev", "myclothes-data")
    [writer] = account.client("rds").describe_db_instances(DBInstanceIdentifier=told["Database"])["DBInstances"]
    assert (writer["MultiAZ"], writer["DBInstanceClass"]) == (False, "db.t4g.micro")
    assert "Reader1" not in told
    cluster = account.outputs("dev", "mywordpress-data")["Database"]
    [found] = account.client("rds").describe_db_clusters(DBClusterIdentifier=cluster)["DBClusters"]
    assert len(found["DBClusterMembers"]) == 1


def test_aurora_has_readers_in_two_further_zones(account: Account) -> None:
    cluster = account.outputs("prod", "mywordpress-data")["Database"]
    rds = account.client("rds")
    [found] = rds.describe_db_clusters(DBClusterIdentifier=cluster)["DBClusters"]
    assert found["Engine"] == "aurora-mysql"
    assert found["DeletionProtection"]
    assert found["StorageEncrypted"]
    assert found["ServerlessV2ScalingConfiguration"]["MinCapacity"] == 1
    members = [member["DBInstanceIdentifier"] for member in found["DBClusterMembers"]]
    zones = {
        rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]["AvailabilityZone"] for name in members
    }
    assert (len(members), len(zones)) == (3, 3)
    [group] = found["VpcSecurityGroups"]
    clients = account.outputs("prod", "mywordpress-security")["Instances"]
    assert admitted(account.group(group["VpcSecurityGroupId"])) == {(3306, clients)}


def test_the_cache_spans_zones_and_asks_for_tls_and_a_token(account: Account) -> None:
    name = account.outputs("prod", "myclothes-data")["Cache"]
    [found] = account.client("elasticache").describe_replication_groups(ReplicationGroupId=name)["ReplicationGroups"]
    assert found["Engine"] == "valkey"
    assert (found["MultiAZ"], found["AutomaticFailover"], found["ClusterMode"]) == ("enabled", "enabled", "disabled")
    assert found["TransitEncryptionEnabled"]
    assert found["AuthTokenEnabled"]
    assert found["AtRestEncryptionEnabled"]
    zones = {member["PreferredAvailabilityZone"] for member in found["NodeGroups"][0]["NodeGroupMembers"]}
    assert len(zones) == 3


def test_the_table_of_sessions_forgets_them_by_itself(account: Account) -> None:
    # The emulator's stacks leave out the time to live, so the service itself is told of the template's.
    table = account.outputs("prod", "myclothes-data")["SessionTable"]
    dynamodb = account.client("dynamodb")
    specified = read("myclothes-data")["Resources"]["Sessions"]["Properties"]["TimeToLiveSpecification"]
    dynamodb.update_time_to_live(TableName=table, TimeToLiveSpecification=specified)
    described = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    assert described == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires_at"}
    assert dynamodb.describe_table(TableName=table)["Table"]["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"


def test_the_file_system_has_a_door_in_each_zone_for_the_apps_instances(account: Account) -> None:
    told = account.outputs("prod", "mywordpress-data")
    efs = account.client("efs")
    doors = efs.describe_mount_targets(FileSystemId=told["FileSystem"])["MountTargets"]
    private = account.outputs("prod", "network")["PrivateSubnets"].split(",")
    assert {door["SubnetId"] for door in doors} == set(private)
    clients = account.outputs("prod", "mywordpress-security")["Instances"]
    for door in doors:
        [group] = efs.describe_mount_target_security_groups(MountTargetId=door["MountTargetId"])["SecurityGroups"]
        assert admitted(account.group(group)) == {(2049, clients)}


def test_the_file_system_is_entered_by_tls_as_the_platforms_user(account: Account) -> None:
    told = account.outputs("prod", "mywordpress-data")
    efs = account.client("efs")
    [point] = efs.describe_access_points(AccessPointId=told["AccessPoint"])["AccessPoints"]
    assert point["FileSystemId"] == told["FileSystem"]
    assert point["PosixUser"] == {"Uid": 900, "Gid": 900}
    assert efs.describe_file_systems(FileSystemId=told["FileSystem"])["FileSystems"][0]["Encrypted"]
    policy = json.loads(efs.describe_file_system_policy(FileSystemId=told["FileSystem"])["Policy"])
    denied = [statement["Condition"] for statement in policy["Statement"] if statement["Effect"] == "Deny"]
    assert denied == [{"Bool": {"aws:SecureTransport": "false"}}]


def test_dev_keeps_pictures_on_a_volume(account: Account) -> None:
    told = account.outputs("dev", "mywordpress-data")
    assert told["Volume"] == "/dev/sdh=:20:false:gp3"
    assert "FileSystem" not in told


def test_copies_are_kept_for_five_weeks(account: Account) -> None:
    backup = account.client("backup")
    [plan] = [
        plan for plan in backup.list_backup_plans()["BackupPlansList"] if plan["BackupPlanName"] == "mywordpress-prod"
    ]
    [rule] = backup.get_backup_plan(BackupPlanId=plan["BackupPlanId"])["BackupPlan"]["Rules"]
    assert (rule["TargetBackupVaultName"], rule["Lifecycle"]["DeleteAfterDays"]) == ("mywordpress-prod", 35)


@pytest.mark.parametrize("app", APPS)
def test_what_fails_ten_times_is_set_aside_and_tells_somebody(account: Account, app: str) -> None:
    sqs = account.client("sqs")
    dead = sqs.get_queue_url(QueueName=f"{app}-prod-dead")["QueueUrl"]
    live = account.outputs("prod", f"{app}-queues")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = sqs.get_queue_attributes(QueueUrl=live, AttributeNames=["RedrivePolicy"])["Attributes"]["RedrivePolicy"]
    assert json.loads(policy)["deadLetterTargetArn"] == arn
    assert int(json.loads(policy)["maxReceiveCount"]) == 10
    [alarm] = account.client("cloudwatch").describe_alarms(AlarmNames=[f"{app}-prod-dead-letters"])["MetricAlarms"]
    assert alarm["Dimensions"] == [{"Name": "QueueName", "Value": f"{app}-prod-dead"}]
    assert alarm["AlarmActions"] == [account.outputs("prod", "alerts")["Alerts"]]


def test_alarms_reach_a_person(account: Account) -> None:
    topic = account.outputs("prod", "alerts")["Alerts"]
    found = account.client("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert [(reader["Protocol"], reader["Endpoint"]) for reader in found] == [("email", "on-call@example.com")]
    alarms = account.client("cloudwatch").describe_alarms()["MetricAlarms"]
    assert all(alarm["AlarmActions"] and alarm["AlarmDescription"] for alarm in alarms)
    names = {alarm["AlarmName"] for alarm in alarms}
    assert {"myclothes-prod-reader-1-lags", "mywordpress-prod-readers-lag", "whatisthetime-dev-web-degraded"} <= names


@pytest.mark.parametrize("app", APPS)
def test_a_dashboard_is_one_that_can_be_drawn(account: Account, app: str) -> None:
    body = account.client("cloudwatch").get_dashboard(DashboardName=f"{app}-prod")["DashboardBody"]
    titles = {widget["properties"]["title"] for widget in json.loads(body)["widgets"]}
    assert ("Database" in titles) == (app != "whatisthetime")
    assert ("Cache" in titles) == (app == "myclothes")


def test_in_dev_a_name_is_the_elastic_ip_for_a_minute(account: Account) -> None:
    record = account.records("dev")["whatisthetime.dev.example.com."]
    assert (record["TTL"], record["ResourceRecords"]) == (60, [{"Value": ELASTIC_IP}])


def test_in_prod_a_name_is_an_alias_that_a_swap_moves(account: Account) -> None:
    alias = account.records("prod")["whatisthetime.prod.example.com."]["AliasTarget"]
    assert alias["DNSName"].rstrip(".") == "whatisthetime-prod.us-east-1.elasticbeanstalk.com"
    assert alias["HostedZoneId"] == "Z117KPS5GTRQ2G"
    assert alias["EvaluateTargetHealth"]


def test_the_certificate_covers_every_site_of_the_stage(account: Account) -> None:
    arn = account.outputs("prod", "certificate")["Certificate"]
    found = account.client("acm").describe_certificate(CertificateArn=arn)["Certificate"]
    assert "*.prod.example.com" in found["SubjectAlternativeNames"]
