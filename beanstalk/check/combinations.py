"""Settings that are right by themselves and wrong together."""

from __future__ import annotations

import re
from collections.abc import Iterator

from beanstalk.check.findings import Finding
from beanstalk.check.settings import SECRETS, VARIABLES, Setting, Settings
from beanstalk.check.subject import ENVIRONMENT, Subject

LAUNCH = "aws:autoscaling:launchconfiguration"
ASG = "aws:autoscaling:asg"
COMMAND = "aws:elasticbeanstalk:command"
HEALTH = "aws:elasticbeanstalk:healthreporting:system"
PROCESS = "aws:elasticbeanstalk:environment:process:"
MANAGED = "aws:elasticbeanstalk:managedactions"
INSTANCES = "aws:ec2:instances"
# A g after the generation's number: t4g, c7gn; the first of them was a1.
GRAVITON = re.compile(r"a1\.|[a-z]+\d+g")
LARGEST_ENVIRONMENT = 4096
# What `eb create` sends itself, which wins over configuration files.
SENT = {
    (HEALTH, "SystemType"): "enhanced",
    (COMMAND, "BatchSize"): "30",
    (COMMAND, "BatchSizeType"): "Percentage",
    (LAUNCH, "IamInstanceProfile"): "aws-elasticbeanstalk-ec2-role",
    (ENVIRONMENT, "ServiceRole"): "aws-elasticbeanstalk-service-role",
    (ENVIRONMENT, "LoadBalancerType"): "application",
}


def check(subject: Subject) -> Iterator[Finding]:
    """Findings about the settings of an environment as a whole."""
    settings = subject.settings
    yield from _size(settings)
    yield from _overridden(settings)
    yield from _groups(subject)
    yield from _managed(subject)
    yield from _policies(settings)
    yield from _health(subject)
    yield from _balancer(subject)
    yield from _metadata(settings)
    yield from _processors(settings)


def _at(setting: Setting, rule: str, text: str) -> Finding:
    return Finding(setting.file, setting.line, rule, text)


def _size(settings: Settings) -> Iterator[Finding]:
    last = {one.option: one for one in settings.all if one.namespace in (VARIABLES, SECRETS)}
    size = sum(len(name.encode()) + len(one.value.encode()) for name, one in last.items())
    if size > LARGEST_ENVIRONMENT:
        largest = max(last.values(), key=lambda one: len(one.value))
        text = f"all variables take {size} bytes, {LARGEST_ENVIRONMENT} fit; {largest.option} is the longest"
        yield _at(largest, "environment-size", f"{text}, keep it in a file or in a secret")


def _overridden(settings: Settings) -> Iterator[Finding]:
    earlier: dict[tuple[str, str, str], Setting] = {}
    for setting in settings.all:
        key = (setting.namespace, setting.option, setting.resource)
        before = earlier.get(key)
        if before and before.value != setting.value and before.saved == setting.saved:
            text = f"{setting.option} is set again, to {setting.value!r} in line {setting.line} of {setting.file}"
            yield _at(before, "option-overridden", f"{text}, which wins; set it once")
        earlier[key] = setting
        sent = SENT.get((setting.namespace, setting.option))
        if sent and not setting.saved and setting.value.strip() != sent:
            text = f"`eb create` sends {setting.option}={sent} itself, which wins; put yours into a saved configuration"
            yield _at(setting, "eb-create-wins", text)


def _groups(subject: Subject) -> Iterator[Finding]:
    settings = subject.settings
    without = settings.find(LAUNCH, "DisableDefaultEC2SecurityGroup")
    if not without or without.value.lower() != "true":
        return
    if not settings.find(LAUNCH, "SecurityGroups"):
        text = "without Beanstalk's security group the instances need yours; set SecurityGroups of the same namespace"
        yield _at(without, "groups-missing", text)
    elif subject.kind == "LoadBalanced" and not subject.is_worker and not _balancer_groups(settings):
        text = "without Beanstalk's security group the balancer needs yours; set them in aws:elbv2:loadbalancer"
        yield _at(without, "groups-missing", text)


def _balancer_groups(settings: Settings) -> bool:
    return any(settings.find(name, "SecurityGroups") for name in ("aws:elbv2:loadbalancer", "aws:elb:loadbalancer"))


def _managed(subject: Subject) -> Iterator[Finding]:
    settings = subject.settings
    enabled = settings.find(MANAGED, "ManagedActionsEnabled")
    if not enabled or enabled.value.lower() != "true":
        return
    if not settings.find(MANAGED, "PreferredStartTime"):
        yield _at(enabled, "managed-updates", "managed updates need a time; set PreferredStartTime, such as Tue:09:00")
    if not settings.find(f"{MANAGED}:platformupdate", "UpdateLevel"):
        yield _at(enabled, "managed-updates", "managed updates need a level; set UpdateLevel to minor or patch")
    if settings.value(HEALTH, "SystemType", "enhanced" if not subject.saved else "basic") == "basic":
        yield _at(enabled, "managed-updates", "managed updates need enhanced health; set SystemType to enhanced")


def _policies(settings: Settings) -> Iterator[Finding]:
    low, high = settings.find(ASG, "MinSize"), settings.find(ASG, "MaxSize")
    least, most = settings.number(ASG, "MinSize", 1), settings.number(ASG, "MaxSize", 4)
    if least is not None and most is not None and least > most and (at := low or high):
        yield _at(at, "size-order", f"MinSize {least} is above MaxSize {most}; raise MaxSize")
    policy = settings.find(COMMAND, "DeploymentPolicy")
    kind = settings.value(ENVIRONMENT, "LoadBalancerType", "application")
    if policy and policy.value == "TrafficSplitting" and kind != "application":
        text = "only an application load balancer splits traffic; take another DeploymentPolicy"
        yield _at(policy, "policy-balancer", text)


def _health(subject: Subject) -> Iterator[Finding]:
    settings = subject.settings
    for setting in settings.below(PROCESS):
        if setting.option == "HealthCheckPath" and not setting.is_function and not setting.value.startswith("/"):
            yield _at(setting, "health-path", f"{setting.value!r} is no path; begin it with /")
        if setting.option == "HealthCheckTimeout":
            timeout = settings.number(setting.namespace, "HealthCheckTimeout", 5)
            interval = settings.number(setting.namespace, "HealthCheckInterval", 15)
            if timeout is not None and interval is not None and timeout >= interval:
                text = f"a check may take {timeout} s and the next begins after {interval}; make the timeout shorter"
                yield _at(setting, "health-interval", text)
    url = settings.find("aws:elasticbeanstalk:application", "Application Healthcheck URL")
    paths = [one for one in settings.below(PROCESS) if one.option == "HealthCheckPath"]
    kind = settings.value(ENVIRONMENT, "LoadBalancerType")
    if url and not subject.is_worker and not paths and kind in ("application", "network"):
        text = "this does not set the load balancer's check; set HealthCheckPath of process:default too"
        yield _at(url, "health-url-ignored", text)


def _balancer(subject: Subject) -> Iterator[Finding]:
    if subject.tier == "worker" or subject.settings.find(ENVIRONMENT, "LoadBalancerType"):
        return
    meant = subject.settings.below("aws:elbv2:")
    kind = subject.settings.find(ENVIRONMENT, "EnvironmentType")
    at = meant[0] if meant else kind
    if at and (meant or (kind and kind.value == "LoadBalanced" and not subject.is_worker)):
        text = "the API makes a classic load balancer unless told; set LoadBalancerType to application or network"
        yield _at(at, "classic-default", text)


def _metadata(settings: Settings) -> Iterator[Finding]:
    setting = settings.find(LAUNCH, "DisableIMDSv1")
    if setting and setting.value.lower() == "false":
        text = "by version 1 of the metadata a forged request reads the credentials; set it to true"
        yield _at(setting, "metadata-v1", text)


def _processors(settings: Settings) -> Iterator[Finding]:
    kinds, wanted = settings.find(INSTANCES, "InstanceTypes"), settings.value(INSTANCES, "SupportedArchitectures")
    if not kinds or kinds.is_function or not wanted:
        return
    for kind in filter(None, (part.strip() for part in kinds.value.split(","))):
        architecture = "arm64" if GRAVITON.match(kind) else "x86_64"
        if architecture not in wanted:
            text = f"{kind} is {architecture}, and SupportedArchitectures says {wanted}; make them agree"
            yield _at(kinds, "architecture", text)
