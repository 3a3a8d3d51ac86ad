"""The stacks of a stage: `python -m beanstalk stacks {list,deploy,delete} STAGE`.

They are deployed in the order in which they need one another: a parameter takes what was given as NAME=VALUE, else the
output of that name of an earlier stack, else what a person gave before, else its default.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from beanstalk.refusals import Refused

FOLDER = Path(__file__).resolve().parents[1] / "infra"
STAGES = ("dev", "prod")
APPS = ("whatisthetime", "myclothes", "mywordpress")
WITH_DATA = ("myclothes", "mywordpress")
# What costs money beside the rest, or needs something that the account may not have, waits to be named.
ON_REQUEST = frozenset({"dns", "certificate", "records", "capacity", "image"})
POLL_SECONDS = 2.0
WAIT_SECONDS = 3 * 3600


@dataclass(frozen=True)
class Stack:
    """One stack of a stage; those of an app see that app's outputs and what all share."""

    template: str
    app: str | None = None

    @property
    def name(self) -> str:
        """What a person calls it, such as `network` or `myclothes-data`."""
        own = self.app is None or self.template.startswith(self.app)
        return self.template if own else f"{self.app}-{self.template}"

    def full_name(self, stage: str) -> str:
        """What AWS calls it."""
        return f"classic-{stage}-{self.name}"

    def is_meant(self, words: Sequence[str]) -> bool:
        """Whether the words name it, its app, or nothing at all."""
        if self.name in words:
            return True
        return self.template not in ON_REQUEST and (not words or self.app in words)


def planned() -> list[Stack]:
    """Every stack, each after those that it needs."""
    shared = [Stack("network"), Stack("alerts"), Stack("dns"), Stack("certificate")]
    return [*shared, *(stack for app in APPS for stack in _of_app(app)), Stack("capacity"), Stack("image")]


def _of_app(app: str) -> Iterator[Stack]:
    yield Stack("security", app)
    if app in WITH_DATA:
        yield Stack(f"{app}-data", app)
    for template in ("queues", "roles", "watch", "records"):
        yield Stack(template, app)


class Cloud:
    """The stacks of one stage as AWS has them. What AWS refuses is raised as Refused."""

    def __init__(self, stage: str, client: Callable[[str], Any]) -> None:
        self.stage = stage
        self.client = client
        self.formation = client("cloudformation")
        self._seen: dict[Stack, dict[str, Any] | None] = {}

    def found(self, stack: Stack) -> dict[str, Any] | None:
        """The stack's description, or None if there is none; as it was when last looked at."""
        if stack not in self._seen:
            self._seen[stack] = self._look(stack)
        return self._seen[stack]

    def outputs(self, stacks: Iterable[Stack]) -> dict[str, str]:
        """What these stacks say of themselves; those that do not exist say nothing."""
        descriptions = [self.found(stack) or {} for stack in stacks]
        return {
            output["OutputKey"]: output["OutputValue"]
            for description in descriptions
            for output in description.get("Outputs", [])
        }

    def known(self, app: str | None) -> dict[str, str]:
        """All that the stacks tell which the app may see (None: which all share), the app's name and the region."""
        outputs = self.outputs(stack for stack in planned() if stack.app in (None, app))
        return outputs | ({"App": app} if app else {}) | {"Region": self.formation.meta.region_name}

    def deploy(self, stack: Stack, given: Mapping[str, str]) -> str:
        """Create or update the stack and wait for it; answers the state that it ended in."""
        before = self.found(stack)
        if before is not None and before["StackStatus"] in ("ROLLBACK_COMPLETE", "REVIEW_IN_PROGRESS"):
            self.delete(stack)
            before = None
        request = {
            "StackName": stack.full_name(self.stage),
            "TemplateBody": (FOLDER / f"{stack.template}.yaml").read_text(),
            "Parameters": list(self._parameters(stack, given, before)),
            "Capabilities": ["CAPABILITY_IAM"],
            "Tags": [{"Key": name, "Value": value} for name, value in self._tags(stack).items()],
        }
        if before is None:
            self.formation.create_stack(**request)
        elif not self._updates(request):
            return str(before["StackStatus"])
        return self._await(stack)

    def delete(self, stack: Stack) -> None:
        """Delete the stack and wait until it is gone."""
        if self.found(stack) is not None:
            self.formation.delete_stack(StackName=stack.full_name(self.stage))
            self._await(stack)

    def _look(self, stack: Stack) -> dict[str, Any] | None:
        from botocore.exceptions import ClientError

        try:
            described: dict[str, Any] = self.formation.describe_stacks(StackName=stack.full_name(self.stage))
        except ClientError as error:
            if "does not exist" in str(error):
                return None
            raise
        found: dict[str, Any] = described["Stacks"][0]
        return found

    def _tags(self, stack: Stack) -> dict[str, str]:
        return {"project": "classic", "stage": self.stage} | ({"app": stack.app} if stack.app else {})

    def _parameters(
        self, stack: Stack, given: Mapping[str, str], before: Mapping[str, Any] | None
    ) -> Iterator[dict[str, Any]]:
        had = {parameter["ParameterKey"] for parameter in (before or {}).get("Parameters", [])}
        # What a stack no longer tells is no more: only what a person chose is kept.
        had -= tellable(stack.app)
        for name, declared in parameters(stack).items():
            if name in given:
                yield {"ParameterKey": name, "ParameterValue": given[name]}
            elif name in had:
                yield {"ParameterKey": name, "UsePreviousValue": True}
            elif "Default" not in declared:
                raise Refused(f"{stack.name} needs {name}: deploy the stack that tells it, or add {name}=VALUE")

    def _updates(self, request: Mapping[str, Any]) -> bool:
        from botocore.exceptions import ClientError

        try:
            self.formation.update_stack(**request)
        except ClientError as error:
            if "No updates are to be performed" in str(error):
                return False
            raise
        return True

    def _await(self, stack: Stack) -> str:
        deadline = time.monotonic() + WAIT_SECONDS
        while (found := self._look(stack)) and found["StackStatus"].endswith("_IN_PROGRESS"):
            if time.monotonic() > deadline:
                raise Refused(f"{stack.name} is still {found['StackStatus']}: look at it in the console")
            time.sleep(POLL_SECONDS)
        # A stack that is gone is found no more by its name, even where AWS still tells of it.
        self._seen[stack] = None if found and found["StackStatus"] == "DELETE_COMPLETE" else found
        status = str(found["StackStatus"]) if found else "DELETE_COMPLETE"
        if "ROLLBACK" in status or status.endswith("_FAILED"):
            raise Refused(f"{stack.name} ended as {status}: {self._reason(stack)}")
        return status

    def _reason(self, stack: Stack) -> str:
        events = self.formation.describe_stack_events(StackName=stack.full_name(self.stage))["StackEvents"]
        reasons = [
            f"{event['LogicalResourceId']}: {event['ResourceStatusReason']}"
            for event in events
            if event["ResourceStatus"].endswith("_FAILED") and "ResourceStatusReason" in event
        ]
        return reasons[-1] if reasons else "look at its events in the console"


def parameters(stack: Stack) -> dict[str, dict[str, Any]]:
    """What the stack's template asks for."""
    return dict(_template(FOLDER / f"{stack.template}.yaml").get("Parameters", {}))


def tellable(app: str | None) -> set[str]:
    """The outputs of all stacks that the app may see, whether they tell them now or not."""
    seen = (stack for stack in planned() if stack.app in (None, app))
    return {name for stack in seen for name in _template(FOLDER / f"{stack.template}.yaml")["Outputs"]}


@cache
def _template(file: Path) -> dict[str, Any]:
    declared: dict[str, Any] = yaml.load(file.read_text(), _Template)  # noqa: S506 - a SafeLoader.
    return declared


class _Template(yaml.SafeLoader):
    """Reads a template for what it declares; its functions are left aside."""


_Template.add_multi_constructor("!", lambda loader, tag, node: None)
