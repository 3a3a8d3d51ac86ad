"""The command lines of stacks and stages: what was meant, what is told, and one line for whatever goes wrong."""

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from beanstalk import stages
from beanstalk.refusals import Refused
from beanstalk.stacks import APPS, STAGES, Cloud, Stack, parameters, planned

STACKS_USAGE = "usage: python -m beanstalk stacks list|deploy|delete dev|prod [STACK...] [NAME=VALUE...]"
STAGE_USAGE = "usage: python -m beanstalk stage APP web|worker dev|prod [NAME=VALUE...]"
GIVEN = re.compile(r"[A-Za-z][A-Za-z0-9]*=.*", re.DOTALL)
ADDRESS = re.compile(r"\d+(\.\d+){3}")


def stacks(argv: Sequence[str]) -> int:
    """Run `stacks`; answers its exit code."""
    words, given = _told(argv)
    match words:
        case ["list", ("dev" | "prod") as stage]:
            return _spoken(lambda: _list(_cloud(stage)))
        case ["deploy", ("dev" | "prod") as stage, *names]:
            return _spoken(lambda: _deploy(_cloud(stage), names, given))
        case ["delete", ("dev" | "prod") as stage, _, *_]:
            return _spoken(lambda: _delete(_cloud(stage), words[2:]))
    print(f"{STACKS_USAGE}\nstacks: {' '.join(stack.name for stack in planned())}", file=sys.stderr)
    return 2


def stage(argv: Sequence[str]) -> int:
    """Run `stage`; answers its exit code."""
    words, given = _told(argv)
    match words:
        case [app, ("web" | "worker") as tier, name] if app in APPS and name in STAGES:
            return _spoken(lambda: _render(app, tier, name, given))
    print(STAGE_USAGE, file=sys.stderr)
    return 2


def _render(app: str, tier: str, name: str, given: Mapping[str, str]) -> None:
    unknown = given.keys() - stages.takes(app, tier, name)
    if unknown:
        raise Refused(f"{stages.environment_name(app, tier, name)} takes no {', '.join(sorted(unknown))}")
    print(stages.save(app, tier, name, {**_cloud(name).known(app), **given}))


def _told(argv: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    pairs = [word.partition("=") for word in argv if GIVEN.fullmatch(word)]
    return [word for word in argv if not GIVEN.fullmatch(word)], {name: value for name, _, value in pairs}


def _spoken(work: Callable[[], None]) -> int:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        work()
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 1
    except (BotoCoreError, ClientError) as error:
        print(f"AWS: {error}", file=sys.stderr)
        return 1
    return 0


def _cloud(stage: str) -> Cloud:
    import boto3

    return Cloud(stage, boto3.session.Session().client)


def _list(cloud: Cloud) -> None:
    for stack in planned():
        found = cloud.found(stack)
        print(f"{stack.name:24} {found['StackStatus'] if found else '-'}")


def _deploy(cloud: Cloud, names: Sequence[str], given: Mapping[str, str]) -> None:
    chosen = _chosen(names)
    _refuse_unknown(given, chosen)
    for stack in chosen:
        values = {"Stage": cloud.stage, **cloud.known(stack.app), **environment(cloud, stack, given), **given}
        print(f"{stack.name:24} ", end="", flush=True)
        print(cloud.deploy(stack, values))


def _delete(cloud: Cloud, names: Sequence[str]) -> None:
    for stack in reversed(planned() if list(names) == ["all"] else _chosen(names)):
        print(f"{stack.name:24} ", end="", flush=True)
        cloud.delete(stack)
        print("gone")


def _chosen(names: Sequence[str]) -> list[Stack]:
    unknown = set(names) - {stack.name for stack in planned()} - set(APPS)
    if unknown:
        raise Refused(f"there is no stack {', '.join(sorted(unknown))}; `stacks list` tells all")
    return [stack for stack in planned() if stack.is_meant(names)]


def _refuse_unknown(given: Mapping[str, str], chosen: Sequence[Stack]) -> None:
    for name in given:
        if not any(name in parameters(stack) for stack in chosen):
            raise Refused(f"none of these stacks takes {name}")


def environment(cloud: Cloud, stack: Stack, given: Mapping[str, str]) -> dict[str, str]:
    """Where the app's web environment is, if its records are to be made and nobody said so."""
    if stack.template != "records" or given.keys() & {"Environment", "Addresses"}:
        return {}
    name = f"{stack.app}-{cloud.stage}"
    asked: Any = cloud.client("elasticbeanstalk").describe_environments(EnvironmentNames=[name], IncludeDeleted=False)
    for environment in asked["Environments"]:
        address = environment["EndpointURL"]
        alone = ADDRESS.fullmatch(address)
        return {"Addresses": address if alone else "", "Environment": "" if alone else environment["CNAME"].lower()}
    raise Refused(f"there is no environment {name}: create it first, or add Environment= or Addresses=")
