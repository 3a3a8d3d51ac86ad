"""Where the daemon's messages come from: a SQLite file or SQS, the latter with a DynamoDB table for periodic tasks."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from apps.chassis.jobs import QueueUnavailable
from apps.chassis.jobs.received import Attribute, Received
from apps.chassis.jobs.sqlite import SqliteQueue
from apps.chassis.jobs.sqs import AwsClients, described, received, unless_unavailable
from apps.chassis.sqlite import path_of

LONG_POLL_SECONDS = 20
LOOK_EVERY_SECONDS = 0.1
RECEIVING = {"connect_timeout": 5, "read_timeout": LONG_POLL_SECONDS + 5, "retries": {"total_max_attempts": 1}}


class Source(Protocol):
    """A queue from the receiving side. Everything raises QueueUnavailable; times are seconds since 1970."""

    name: str

    def wait(self, stopping: threading.Event) -> bool:
        """Return True when it is worth receiving, False when stopping."""

    def receive(self, limit: int) -> list[Received]:
        """Take up to `limit` messages, which nobody else sees until the visibility timeout; may wait for the first."""

    def delete(self, message: Received) -> None:
        """The message is done."""

    def release(self, message: Received, delay_seconds: float, error: str) -> None:
        """The message is visible again after the delay."""

    def last_tick(self, task: str, now: float) -> float:
        """When the last tick sent for the task was due; `now`, from now on, for a task never seen before."""

    def send_tick(self, task: str, due_at: float, body: str, attributes: Mapping[str, Attribute]) -> bool:
        """Send the message of a tick, unless a daemon did already; whether this call sent it."""


def open_source(url: str, visibility_timeout: float, max_retries: int, registry_table: str | None) -> Source:
    """The source that a queue's URL names; raises ValueError for any other URL."""
    if url.startswith(("https://", "http://")):
        return SqsSource(url, visibility_timeout, registry_table)
    return SqliteSource(path_of(url), visibility_timeout, max_retries)


class SqliteSource(SqliteQueue):
    """The queue of one machine; ticks are claimed and sent in one transaction."""

    def __init__(self, path: Path, visibility_timeout: float, max_retries: int) -> None:
        super().__init__(path)
        self.visibility_timeout = visibility_timeout
        self.max_retries = max_retries

    def wait(self, stopping: threading.Event) -> bool:
        while not self.waiting():
            if stopping.wait(LOOK_EVERY_SECONDS):
                return False
        return not stopping.is_set()

    def receive(self, limit: int) -> list[Received]:
        return self.take(limit, self.visibility_timeout, self.max_retries)


class SqsSource:
    """An SQS queue with long polls. Its redrive policy belongs to the queue, so retries are counted there."""

    def __init__(self, url: str, visibility_timeout: float, registry_table: str | None) -> None:
        self.url = url
        self.name = urlsplit(url).path.rpartition("/")[2]
        self.visibility_timeout = int(visibility_timeout)
        self.registry_table = registry_table
        self._aws = AwsClients(url, RECEIVING)
        self._registry_lock = threading.Lock()
        self._registry_exists = False

    def wait(self, stopping: threading.Event) -> bool:
        return not stopping.is_set()

    def receive(self, limit: int) -> list[Received]:
        answer = self._queue(
            "receive_message",
            MaxNumberOfMessages=limit,
            VisibilityTimeout=self.visibility_timeout,
            WaitTimeSeconds=LONG_POLL_SECONDS,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        return [received(raw) for raw in answer.get("Messages", [])]

    def delete(self, message: Received) -> None:
        self._queue("delete_message", ReceiptHandle=message.receipt)

    def release(self, message: Received, delay_seconds: float, error: str) -> None:
        self._queue("change_message_visibility", ReceiptHandle=message.receipt, VisibilityTimeout=int(delay_seconds))

    def last_tick(self, task: str, now: float) -> float:
        self._ensure_registry()
        item = self._key(task) | {"last_at": {"N": _number(now)}}
        self._registry_changed("put_item", Item=item, ConditionExpression="attribute_not_exists(task)")
        found = self._registry("get_item", Key=self._key(task), ConsistentRead=True)
        return float(found["Item"]["last_at"]["N"])

    def send_tick(self, task: str, due_at: float, body: str, attributes: Mapping[str, Attribute]) -> bool:
        if not self._set_tick(task, due_at, "last_at < :due", due_at):
            return False
        try:
            self._queue("send_message", MessageBody=body, MessageAttributes=described(attributes))
        except QueueUnavailable:
            # The tick was claimed but not sent: give it back, so that any daemon can send it later.
            self._set_tick(task, due_at, "last_at = :due", due_at - 1)
            raise
        return True

    def _set_tick(self, task: str, due_at: float, condition: str, value: float) -> bool:
        return self._registry_changed(
            "update_item",
            Key=self._key(task),
            UpdateExpression="SET last_at = :value",
            ConditionExpression=condition,
            ExpressionAttributeValues={":due": {"N": _number(due_at)}, ":value": {"N": _number(value)}},
        )

    def _ensure_registry(self) -> None:
        with self._registry_lock:
            if self._registry_exists:
                return
            schema = {
                "KeySchema": [{"AttributeName": "task", "KeyType": "HASH"}],
                "AttributeDefinitions": [{"AttributeName": "task", "AttributeType": "S"}],
                "BillingMode": "PAY_PER_REQUEST",
            }
            if not self._registry_has("describe_table"):
                self._registry_has("create_table", **schema)
            self._wait_for_registry()
            self._registry_exists = True

    def _wait_for_registry(self) -> None:
        waiter = self._aws.client("dynamodb").get_waiter("table_exists")
        unless_unavailable(lambda: waiter.wait(TableName=self.registry_table, WaiterConfig={"Delay": 1}))

    def _registry_has(self, action: str, **arguments: Any) -> bool:
        return self._registry_unless(("ResourceNotFoundException", "ResourceInUseException"), action, **arguments)

    def _registry_changed(self, action: str, **arguments: Any) -> bool:
        return self._registry_unless(("ConditionalCheckFailedException",), action, **arguments)

    def _registry_unless(self, codes: tuple[str, ...], action: str, **arguments: Any) -> bool:
        try:
            self._registry(action, **arguments)
        except QueueUnavailable as error:
            if getattr(error.__cause__, "response", {}).get("Error", {}).get("Code") not in codes:
                raise
            return False
        return True

    def _registry(self, action: str, **arguments: Any) -> Any:
        call = getattr(self._aws.client("dynamodb"), action)
        return unless_unavailable(lambda: call(TableName=self.registry_table, **arguments))

    def _queue(self, action: str, **arguments: Any) -> Any:
        call = getattr(self._aws.client("sqs"), action)
        return unless_unavailable(lambda: call(QueueUrl=self.url, **arguments))

    def _key(self, task: str) -> dict[str, Any]:
        return {"task": {"S": f"{self.name}/{task}"}}


def _number(seconds: float) -> str:
    return f"{seconds:.6f}"
