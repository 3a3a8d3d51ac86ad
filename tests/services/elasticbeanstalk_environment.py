"""What the stand-in for Elastic Beanstalk keeps of one environment, and of the one platform that there is."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

REGION, ACCOUNT = "us-east-1", "000000000000"
BRANCH = "Python 3.13 running on 64bit Amazon Linux 2023"
STACK = "64bit Amazon Linux 2023 v4.13.2 running Python 3.13"
PLATFORM_ARN = f"arn:aws:elasticbeanstalk:{REGION}::platform/{BRANCH}/4.13.2"
WEB = {"Name": "WebServer", "Type": "Standard", "Version": "1.0"}
WORKER = {"Name": "Worker", "Type": "SQS/HTTP", "Version": "3.0"}
PLATFORM = {
    "PlatformArn": PLATFORM_ARN,
    "PlatformOwner": "AWSElasticBeanstalk",
    "PlatformStatus": "Ready",
    "PlatformCategory": "Python",
    "OperatingSystemName": "Amazon Linux",
    "OperatingSystemVersion": "2023",
    "SupportedTierList": ["WebServer/Standard", "Worker/SQS/HTTP"],
    "SupportedAddonList": [],
    "PlatformLifecycleState": "Recommended",
    "PlatformVersion": "4.13.2",
    "PlatformBranchName": BRANCH,
    "PlatformBranchLifecycleState": "Supported",
}
DESCRIBED_PLATFORM = PLATFORM | {"PlatformName": BRANCH, "SolutionStackName": STACK}

Options = dict[tuple[str, str], str]

ENVIRONMENT = "aws:elasticbeanstalk:environment"
# What the service tells of every environment, whether somebody chose it or not; `eb` counts on it.
DEFAULTS: Options = {(ENVIRONMENT, "LoadBalancerIsShared"): "false"}


class Refusal(Exception):
    """What the service answers with status 400."""

    def __init__(self, message: str, code: str = "InvalidParameterValue") -> None:
        super().__init__(message)
        self.code = code


def now(ago: float = 0) -> str:
    """The moment, or one some seconds ago, as the service writes it."""
    moment = datetime.now(UTC) - timedelta(seconds=ago)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def options(settings: Iterable[Mapping[str, str]]) -> Options:
    """Option settings of a request by namespace and name."""
    return {(each["Namespace"], each["OptionName"]): each["Value"] for each in settings}


@dataclass
class Environment:
    """One environment; `sent` are the options given by its requests, `template` those of its saved configuration."""

    name: str
    app: str
    version: str
    tier: Mapping[str, str]
    cname: str | None
    template: Options
    sent: Options
    tags: dict[str, str]
    status: str = "Ready"
    health: str = "Green"
    created: str = field(default_factory=now)
    identifier: str = field(default_factory=lambda: f"e-{secrets.token_hex(5)}")

    @property
    def effective(self) -> Options:
        """What is in force: what was sent stands above what was saved."""
        return {**self.template, **self.sent}

    @property
    def single(self) -> bool:
        """Whether it has one instance and no balancer."""
        return self.effective.get((ENVIRONMENT, "EnvironmentType")) == "SingleInstance"

    def described(self) -> dict[str, Any]:
        """Its description."""
        return {
            "EnvironmentName": self.name,
            "EnvironmentId": self.identifier,
            "EnvironmentArn": f"arn:aws:elasticbeanstalk:{REGION}:{ACCOUNT}:environment/{self.app}/{self.name}",
            "ApplicationName": self.app,
            "VersionLabel": self.version,
            "Tier": self.tier,
            "Status": self.status,
            "Health": self.health,
            "SolutionStackName": STACK,
            "PlatformArn": PLATFORM_ARN,
            "DateCreated": self.created,
            "DateUpdated": self.created,
            "AbortableOperationInProgress": False,
            "EnvironmentLinks": [],
            **self._address(),
        }

    def settings(self) -> dict[str, Any]:
        """Its configuration."""
        return {
            "EnvironmentName": self.name,
            "ApplicationName": self.app,
            "SolutionStackName": STACK,
            "PlatformArn": PLATFORM_ARN,
            "OptionSettings": [
                {"Namespace": namespace, "OptionName": name, "Value": value}
                for (namespace, name), value in sorted({**DEFAULTS, **self.effective}.items())
            ],
        }

    def resources(self) -> dict[str, Any]:
        """What it runs on."""
        balanced = self.tier == WEB and not self.single
        queue = {"Name": "WorkerQueue", "URL": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{self.identifier}"}
        return {
            "EnvironmentName": self.name,
            "Instances": [{"Id": f"i-{self.identifier}"}],
            "LoadBalancers": [{"Name": f"awseb-{self.identifier}"}] if balanced else [],
            "Queues": [queue] if self.tier == WORKER else [],
        }

    def _address(self) -> dict[str, str]:
        if self.cname is None:
            return {}
        balancer = f"awseb-{self.identifier}.{REGION}.elb.amazonaws.com"
        return {"CNAME": self.cname, "EndpointURL": "192.0.2.10" if self.single else balancer}
