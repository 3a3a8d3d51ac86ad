"""A queue of Amazon SQS. boto3 takes longer to load than the whole site, so it waits for the first message."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from typing import Any, TypeVar
from urllib.parse import urlsplit

from apps.chassis.jobs import QueueUnavailable
from apps.chassis.jobs.received import Attribute, Received

T = TypeVar("T")
AWS_HOST = re.compile(
    r"(?:.*\.)?(?:sqs\.(?P<region>[a-z0-9-]+)|(?P<older>[a-z0-9-]+)\.queue)\.(?:vpce\.)?amazonaws\.com(?:\.cn)?"
)
# Sending happens within a visitor's request, so its worst case must stay within a visitor's patience.
SENDING = {"connect_timeout": 2, "read_timeout": 3, "retries": {"total_max_attempts": 2, "mode": "standard"}}


class SqsQueue:
    """A queue by its URL; another host than AWS's is taken for something that speaks like SQS at the URL's origin."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.name = urlsplit(url).path.rpartition("/")[2]
        self._aws = AwsClients(url, SENDING)

    def send(self, body: str, attributes: Mapping[str, Attribute] | None = None) -> None:
        self._ask("send_message", MessageBody=body, MessageAttributes=described(attributes or {}))

    def oldest_age(self) -> float | None:
        """Always None: SQS tells ages to CloudWatch only (ApproximateAgeOfOldestMessage)."""
        return None

    def _ask(self, action: str, **arguments: Any) -> Any:
        return unless_unavailable(lambda: getattr(self._aws.client("sqs"), action)(QueueUrl=self.url, **arguments))


class AwsClients:
    """boto3 clients for the services beside one queue, made at first use and then shared by all threads."""

    def __init__(self, url: str, config: Mapping[str, Any]) -> None:
        host = urlsplit(url).hostname or ""
        aws = AWS_HOST.fullmatch(host)
        self.region = (aws["region"] or aws["older"]) if aws else "us-east-1"
        self.endpoint = None if aws else f"{urlsplit(url).scheme}://{urlsplit(url).netloc}"
        self.config = dict(config)
        self._clients: dict[str, Any] = {}

    def client(self, service: str) -> Any:
        """The client of a service, such as `sqs`."""
        with _making:
            if service not in self._clients:
                from botocore.config import Config

                self._clients[service] = _session().client(
                    service, region_name=self.region, endpoint_url=self.endpoint, config=Config(**self.config)
                )
            return self._clients[service]


# Clients may be used by all threads, but making one changes the session that all of them come from.
_making = threading.Lock()


@cache
def _session() -> Any:
    import boto3

    return boto3.session.Session()


def unless_unavailable(ask: Callable[[], T]) -> T:
    """What `ask` answers; every failure of AWS, its network or our credentials is a QueueUnavailable."""
    try:
        return ask()
    except Exception as error:
        from botocore.exceptions import BotoCoreError, ClientError

        if isinstance(error, (BotoCoreError, ClientError)):
            raise QueueUnavailable(str(error)) from error
        raise


def described(attributes: Mapping[str, Attribute]) -> dict[str, dict[str, str]]:
    """Attributes as SendMessage takes them."""
    return {name: {"DataType": a.type, "StringValue": a.value} for name, a in attributes.items()}


def received(raw: Mapping[str, Any]) -> Received:
    """One message of a ReceiveMessage answer that asked for all system and message attributes."""
    system = raw.get("Attributes", {})
    attributes = {
        name: Attribute(value["DataType"], value.get("StringValue", ""))
        for name, value in raw.get("MessageAttributes", {}).items()
    }
    return Received(
        id=raw["MessageId"],
        receipt=raw["ReceiptHandle"],
        body=raw["Body"],
        attributes=attributes,
        sender_id=system.get("SenderId", ""),
        sent_at=_seconds(system, "SentTimestamp"),
        first_received_at=_seconds(system, "ApproximateFirstReceiveTimestamp"),
        receive_count=int(system.get("ApproximateReceiveCount", 1)),
    )


def _seconds(system: Mapping[str, str], name: str) -> float:
    with suppress(KeyError, ValueError):
        return int(system[name]) / 1000
    return 0.0
