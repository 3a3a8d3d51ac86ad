"""What a web server or a worker, one instance or many behind a balancer, cannot take."""

from __future__ import annotations

from collections.abc import Iterator

from beanstalk.check import nodes, values
from beanstalk.check.findings import Finding
from beanstalk.check.settings import Setting
from beanstalk.check.subject import ENVIRONMENT, SQSD, Config, Subject

BALANCER = ("AWSEBV2", "AWSEBLoadBalancer")
WORKER = ("AWSEBWorker",)
# Made by Beanstalk only where it is given no queue.
QUEUES = ("AWSEBWorkerQueue", "AWSEBWorkerDeadLetterQueue")
# The eb CLI itself sends these to every web environment.
TOLERATED = ("aws:elb:policies", "aws:elb:loadbalancer")


def check(subject: Subject) -> Iterator[Finding]:
    """Findings about settings and resources that are of another kind of environment."""
    for setting in subject.settings.all:
        for rule, text in _setting(subject, setting):
            yield Finding(setting.file, setting.line, rule, text)
    for config in subject.configs:
        yield from _overrides(subject, config)
    yield from _mixed(subject)
    yield from _unsaid(subject)


def needs(setting: Setting) -> str:
    """`worker`, `balancer` or nothing."""
    if setting.namespace == ENVIRONMENT and setting.option.startswith("LoadBalancer"):
        return "balancer"
    need: str = (values.about(setting.namespace) or {}).get("needs", "")
    return need


def _setting(subject: Subject, setting: Setting) -> Iterator[tuple[str, str]]:
    need, what = needs(setting), f"{setting.namespace} {setting.option}"
    if need == "worker" and subject.tier == "web":
        yield "tier-option", f"{what} is a worker's, and this is for a web server; move it to the worker's bundle"
    elif need == "balancer" and subject.tier == "worker":
        yield "tier-option", f"{what} needs a load balancer, and a worker has none; move it to the web bundle"
    elif need == "balancer" and subject.kind == "SingleInstance" and setting.namespace not in TOLERATED:
        yield "balanced-only", f"{what} needs a load balancer, and a single instance has none; remove it"
    yield from _balancer(subject, setting)


def _balancer(subject: Subject, setting: Setting) -> Iterator[tuple[str, str]]:
    kind = subject.settings.value(ENVIRONMENT, "LoadBalancerType")
    v2, what = setting.namespace.startswith("aws:elbv2:"), setting.namespace
    if kind == "classic" and v2:
        yield "balancer-kind", f"{what} is not a classic load balancer's; set LoadBalancerType to application"
    if kind in ("application", "network") and what.startswith("aws:elb:"):
        yield "balancer-kind", f"{what} is a classic load balancer's, this one is {kind}; use aws:elbv2:"
    if kind == "network" and what.startswith(("aws:elbv2:listenerrule", "aws:elbv2:loadbalancer")):
        yield "balancer-kind", f"{what} is an application load balancer's, this one is network; remove it"


def lacks(subject: Subject, name: str) -> str:
    """Why the environment has no resource of Beanstalk's by this name, and what to do; empty if it may have it."""
    base = name.startswith("AWSEBV2")
    if (base and subject.tier == "worker") or (name.startswith(BALANCER) and subject.kind == "SingleInstance"):
        return f"{name} is part of a load balancer, which this environment has not; move it where there is one"
    if name.startswith(WORKER) and subject.tier == "web":
        return f"{name} is a worker's, and this is for a web server; move it to the worker's bundle"
    if name in QUEUES and subject.settings.value(SQSD, "WorkerQueueURL"):
        return f"with WorkerQueueURL there is no {name}; name your own queue instead"
    return ""


def _overrides(subject: Subject, config: Config) -> Iterator[Finding]:
    for name, key, _ in nodes.pairs(nodes.get(config.root, "Resources")):
        if why := lacks(subject, name):
            yield Finding(config.file, nodes.line(key), "resource-tier", why)


def _mixed(subject: Subject) -> Iterator[Finding]:
    wanting = [one for one in subject.settings.all if needs(one) == "balancer" and one.namespace not in TOLERATED]
    if not subject.tier and subject.has_worker_parts and wanting:
        text = "a worker's parts and a load balancer's options are in one bundle; make a bundle for each tier"
        yield Finding(wanting[0].file, wanting[0].line, "tier-mixed", text)


def _unsaid(subject: Subject) -> Iterator[Finding]:
    """Options of a balancer where nothing says that there will be one."""
    if subject.kind or subject.tier == "worker":
        return
    told: set[str] = set()
    for setting in subject.settings.all:
        if needs(setting) != "balancer" or setting.namespace in TOLERATED or setting.file in told:
            continue
        told.add(setting.file)
        text = f"{setting.namespace} needs a load balancer; say that there is one by EnvironmentType: LoadBalanced"
        yield Finding(setting.file, setting.line, "balanced-unsaid", text)
    for config in subject.configs:
        for name, key, _ in nodes.pairs(nodes.get(config.root, "Resources")):
            if name.startswith("AWSEBV2") and config.file not in told:
                text = f"{name} is a load balancer's; say that there is one by EnvironmentType: LoadBalanced"
                yield Finding(config.file, nodes.line(key), "balanced-unsaid", text)
                told.add(config.file)
