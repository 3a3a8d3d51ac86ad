"""What a load balancer's listeners need: a certificate for https, and processes and rules that exist."""

from __future__ import annotations

from collections.abc import Iterator

from beanstalk.check import nodes, values
from beanstalk.check.combinations import PROCESS
from beanstalk.check.findings import Finding
from beanstalk.check.settings import Setting
from beanstalk.check.subject import Subject

LISTENER = "aws:elbv2:listener:"
RULE = "aws:elbv2:listenerrule:"
# The protocol and the certificate of each generation's listeners.
CERTIFIED = (
    (LISTENER, "Protocol", "SSLCertificateArns"),
    ("aws:elb:listener:", "ListenerProtocol", "SSLCertificateId"),
)
ENCRYPTED = ("HTTPS", "TLS", "SSL")


def check(subject: Subject) -> Iterator[Finding]:
    """Findings about listeners and their rules."""
    for beginning, protocol, certificate in CERTIFIED:
        for setting in subject.settings.below(beginning):
            encrypted = setting.option == protocol and setting.value.upper() in ENCRYPTED
            is_known = values.about(setting.namespace) is not None
            if encrypted and is_known and not subject.settings.value(setting.namespace, certificate):
                text = f"a listener of {setting.value} needs a certificate; give its ARN as {certificate} beside it"
                yield Finding(setting.file, setting.line, "listener-certificate", text)
    for setting in (*subject.settings.below(LISTENER), *subject.settings.below(RULE)):
        # A saved configuration lists what is not set, too.
        if not setting.is_function and not nodes.is_null(setting.node):
            yield from _led(subject, setting)


def _led(subject: Subject, setting: Setting) -> Iterator[Finding]:
    """Whether what requests are sent to is described anywhere."""
    beginning = {"DefaultProcess": PROCESS, "Process": PROCESS, "Rules": RULE}.get(setting.option)
    if beginning is None:
        return
    known = {one.namespace for one in subject.settings.below(beginning)} | {f"{beginning}default"}
    for name in filter(None, (part.strip() for part in setting.value.split(","))):
        if f"{beginning}{name}" not in known:
            text = f"nothing describes {name!r}; set its options in {beginning}{name}, or correct the name"
            yield Finding(setting.file, setting.line, "listener-process", text)
