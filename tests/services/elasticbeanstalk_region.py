"""The state behind the stand-in for Elastic Beanstalk: applications, versions, environments, and what befell them.

Its refusals are those that `eb` knows by their words. Where nothing says what AWS would do, it refuses, so that no
command of ours comes to depend on it.
"""

import secrets
from collections.abc import Callable, Mapping
from typing import Any

import yaml

from tests.services.elasticbeanstalk_environment import (
    BRANCH,
    DESCRIBED_PLATFORM,
    PLATFORM,
    REGION,
    STACK,
    WEB,
    WORKER,
    Environment,
    Options,
    Refusal,
    now,
    options,
)

KIND = "aws:elasticbeanstalk:environment"
Asked = Mapping[str, Any]


class Region:
    """One account in one region.

    An operation is over at once. Its only event is that which ends it, since `eb` sleeps for five seconds after any
    other; with `tells_all` there are those before it too. With `failure` set to a text, that ends all operations.
    """

    def __init__(self, s3: Any) -> None:
        self.s3 = s3
        self.bucket = f"elasticbeanstalk-{REGION}-{secrets.randbelow(10**12):012}"
        self.applications: dict[str, dict[str, Any]] = {}
        self.versions: dict[tuple[str, str], dict[str, Any]] = {}
        self.environments: list[Environment] = []
        self.events: list[dict[str, Any]] = []
        self.tells_all = False
        self.failure: str | None = None

    def perform(self, action: str, asked: Asked, request: str) -> dict[str, Any]:
        """The result of a call; raises Refusal."""
        reading: dict[str, Callable[[Asked], dict[str, Any]]] = {
            "CheckDNSAvailability": self._check_cname,
            "CreateApplication": self._create_application,
            "CreateApplicationVersion": self._create_version,
            "CreateStorageLocation": self._create_storage,
            "DescribeApplicationVersions": self._describe_versions,
            "DescribeApplications": self._describe_applications,
            "DescribeConfigurationSettings": self._describe_settings,
            "DescribeEnvironmentResources": self._describe_resources,
            "DescribeEnvironments": self._describe_environments,
            "DescribeEvents": self._describe_events,
            "DescribePlatformVersion": lambda _: {"PlatformDescription": DESCRIBED_PLATFORM},
            "ListAvailableSolutionStacks": lambda _: {"SolutionStacks": [STACK]},
            "ListPlatformBranches": self._list_branches,
            "ListPlatformVersions": lambda _: {"PlatformSummaryList": [PLATFORM]},
        }
        if action in reading:
            return reading[action](asked)
        changing: dict[str, Callable[[Asked, str], dict[str, Any]]] = {
            "CreateEnvironment": self._create_environment,
            "DeleteApplication": self._delete_application,
            "SwapEnvironmentCNAMEs": self._swap,
            "TerminateEnvironment": self._terminate,
            "UpdateEnvironment": self._update,
        }
        if action not in changing:
            # A failure of the server would be tried again for minutes.
            raise Refusal(f"{action} is not made here.", "InvalidAction")
        return changing[action](asked, request)

    def environment(self, name: str) -> Environment:
        """The environment of this name that is not terminated."""
        found = [each for each in self.environments if each.name == name and each.status != "Terminated"]
        if not found:
            raise Refusal(f"No Environment found for EnvironmentName = '{name}'.")
        return found[0]

    def bundle(self, app: str, label: str) -> bytes:
        """What was uploaded for a version."""
        return self.uploaded(self.versions[app, label]["SourceBundle"]["S3Key"])

    def saved(self, app: str, name: str) -> bytes:
        """What was uploaded as a saved configuration; raises Refusal if nothing was."""
        try:
            return self.uploaded(f"resources/templates/{app}/{name}")
        except self.s3.exceptions.NoSuchKey:
            raise Refusal(f"No Configuration Template named '{app}/{name}' found.") from None

    def uploaded(self, key: str) -> bytes:
        """An object of the account's bucket."""
        content: bytes = self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        return content

    def _list_branches(self, asked: Asked) -> dict[str, Any]:
        wanted = [value for each in asked.get("Filters", ()) for value in each["Values"]]
        branch = {"PlatformName": "Python", "BranchName": BRANCH, "LifecycleState": "Supported", "BranchOrder": 1}
        return {"PlatformBranchSummaryList": [branch] if BRANCH in wanted else []}

    def _create_application(self, asked: Asked) -> dict[str, Any]:
        name = asked["ApplicationName"]
        if name in self.applications:
            raise Refusal(f"Application {name} already exists.")
        made = {"ApplicationName": name, "DateCreated": now(), "DateUpdated": now(), "ConfigurationTemplates": []}
        self.applications[name] = made
        return {"Application": made}

    def _describe_applications(self, asked: Asked) -> dict[str, Any]:
        names = asked.get("ApplicationNames") or self.applications
        return {"Applications": [self.applications[name] for name in names if name in self.applications]}

    def _need_application(self, name: str) -> None:
        if name not in self.applications:
            raise Refusal(f"No Application named '{name}' found.")

    def _create_storage(self, _: Asked) -> dict[str, Any]:
        self.s3.create_bucket(Bucket=self.bucket)
        return {"S3Bucket": self.bucket}

    def _create_version(self, asked: Asked) -> dict[str, Any]:
        app, label, source = asked["ApplicationName"], asked["VersionLabel"], asked["SourceBundle"]
        self._need_application(app)
        if (app, label) in self.versions:
            raise Refusal(f"Application Version {label} already exists.")
        self.s3.head_object(Bucket=source["S3Bucket"], Key=source["S3Key"])
        made = {"ApplicationName": app, "VersionLabel": label, "SourceBundle": source, "Status": "UNPROCESSED"}
        self.versions[app, label] = made | {"DateCreated": now(), "DateUpdated": now()}
        return {"ApplicationVersion": self.versions[app, label]}

    def _describe_versions(self, asked: Asked) -> dict[str, Any]:
        labels = asked.get("VersionLabels")
        found = [
            version
            for (app, label), version in self.versions.items()
            if app == asked["ApplicationName"] and (not labels or label in labels)
        ]
        return {"ApplicationVersions": found}

    def _check_cname(self, asked: Asked) -> dict[str, Any]:
        cname = f"{asked['CNAMEPrefix']}.{REGION}.elasticbeanstalk.com"
        taken = any(each.cname == cname and each.status != "Terminated" for each in self.environments)
        return {"Available": not taken, "FullyQualifiedCNAME": cname}

    def _create_environment(self, asked: Asked, request: str) -> dict[str, Any]:
        name, app = asked["EnvironmentName"], asked["ApplicationName"]
        self._need_application(app)
        self._need_version(app, asked["VersionLabel"])
        if any(each.name == name and each.status != "Terminated" for each in self.environments):
            raise Refusal(f"Environment {name} already exists.")
        tier = WORKER if asked.get("Tier", WEB)["Name"] == "Worker" else WEB
        sent = options(asked.get("OptionSettings", ()))
        made = Environment(
            name=name,
            app=app,
            version=asked["VersionLabel"],
            tier=tier,
            cname=self._cname(asked) if tier == WEB else None,
            template=self._template(asked, tier),
            sent=sent,
            tags={tag["Key"]: tag["Value"] for tag in asked.get("Tags", ())},
        )
        if made.single and (KIND, "LoadBalancerType") in sent:
            raise Refusal("A single instance was asked for, and a balancer too.")
        self.environments.append(made)
        self._end(made, request, "createEnvironment is starting.", f"Successfully launched environment: {name}")
        return made.described()

    def _cname(self, asked: Asked) -> str:
        if "CNAMEPrefix" not in asked:
            return f"{asked['EnvironmentName']}.eba-{secrets.token_hex(4)}.{REGION}.elasticbeanstalk.com"
        checked = self._check_cname(asked)
        if not checked["Available"]:
            raise Refusal(f"DNS name ({asked['CNAMEPrefix']}) is not available.")
        return str(checked["FullyQualifiedCNAME"])

    def _template(self, asked: Asked, tier: Mapping[str, str]) -> Options:
        """The options of the saved configuration that was uploaded under the name asked for."""
        if "TemplateName" not in asked:
            return {}
        if "PlatformArn" not in asked:
            # Ours name none: `eb` tells the newest of the branch when it reads this.
            raise Refusal("Unable to determine base for template pack (no solution stack)")
        return self._saved_options(asked["ApplicationName"], asked["TemplateName"], tier)

    def _saved_options(self, app: str, name: str, tier: Mapping[str, str]) -> Options:
        saved = yaml.safe_load(self.saved(app, name))
        if saved["EnvironmentTier"]["Name"] != tier["Name"]:
            raise Refusal(f"The saved configuration is one of a {saved['EnvironmentTier']['Name']}.")
        return {
            (namespace, name): str(value)
            for namespace, settings in saved["OptionSettings"].items()
            for name, value in settings.items()
        }

    def _need_version(self, app: str, label: str) -> None:
        if (app, label) not in self.versions:
            raise Refusal(f"No Application Version named '{label}' found.")

    def _update(self, asked: Asked, request: str) -> dict[str, Any]:
        found = self.environment(asked["EnvironmentName"])
        if "VersionLabel" in asked:
            self._need_version(found.app, asked["VersionLabel"])
            found.version = asked["VersionLabel"]
        if "TemplateName" in asked:
            found.template = self._saved_options(found.app, asked["TemplateName"], found.tier)
        found.sent |= options(asked.get("OptionSettings", ()))
        for removed in asked.get("OptionsToRemove", ()):
            found.sent.pop((removed["Namespace"], removed["OptionName"]), None)
        self._end(found, request, "Environment update is starting.", "Environment update completed successfully.")
        return found.described()

    def _swap(self, asked: Asked, request: str) -> dict[str, Any]:
        names = asked["SourceEnvironmentName"], asked["DestinationEnvironmentName"]
        one, other = map(self.environment, names)
        if None in (one.cname, other.cname):
            raise Refusal("Only web environments have names to swap.")
        one.cname, other.cname = other.cname, one.cname
        done = f"Completed swapping CNAMEs for environments '{one.name}' and '{other.name}'."
        self._end(one, request, "swapEnvironmentCNAMEs is starting.", done)
        return {}

    def _terminate(self, asked: Asked, request: str) -> dict[str, Any]:
        found = self.environment(asked["EnvironmentName"])
        found.status, found.health = "Terminated", "Grey"
        done = "terminateEnvironment completed successfully."
        self._end(found, request, "terminateEnvironment is starting.", done)
        return found.described()

    def _delete_application(self, asked: Asked, request: str) -> dict[str, Any]:
        name = asked["ApplicationName"]
        self._need_application(name)
        running = [each for each in self.environments if each.app == name and each.status != "Terminated"]
        if running and not asked.get("TerminateEnvByForce"):
            raise Refusal(f"Unable to delete application {name} because it has running environments.")
        for each in running:
            each.status = "Terminated"
        del self.applications[name]
        self._tell(request, {"ApplicationName": name}, "The application has been deleted successfully.")
        return {}

    def _describe_environments(self, asked: Asked) -> dict[str, Any]:
        names, app = asked.get("EnvironmentNames"), asked.get("ApplicationName")
        found = [
            each.described()
            for each in self.environments
            if each.status != "Terminated" and (not names or each.name in names) and app in (None, each.app)
        ]
        return {"Environments": found}

    def _describe_resources(self, asked: Asked) -> dict[str, Any]:
        return {"EnvironmentResources": self.environment(asked["EnvironmentName"]).resources()}

    def _describe_settings(self, asked: Asked) -> dict[str, Any]:
        return {"ConfigurationSettings": [self.environment(asked["EnvironmentName"]).settings()]}

    def _describe_events(self, asked: Asked) -> dict[str, Any]:
        """Newest first."""
        since = asked.get("StartTime", "")
        return {
            "Events": [
                event
                for event in reversed(self.events)
                if asked.get("RequestId") in (None, event["RequestId"]) and event["EventDate"] >= since
            ]
        }

    def _end(self, environment: Environment, request: str, starting: str, done: str) -> None:
        place = {"ApplicationName": environment.app, "EnvironmentName": environment.name}
        if self.tells_all:
            # `eb` asks for what is later than the last that it saw, and nothing happens twice in one millisecond.
            self._tell(request, place, starting, ago=1)
        self._tell(request, place, self.failure or done)

    def _tell(self, request: str, place: Mapping[str, str], message: str, ago: float = 0) -> None:
        severity = "ERROR" if message == self.failure else "INFO"
        event = {"RequestId": request, "EventDate": now(ago), "Severity": severity, "Message": message}
        self.events.append({**event, **place})
