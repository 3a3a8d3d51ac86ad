"""One DynamoDB table as sessions use it: items by their `id`, read consistently, and written if nobody else has.

boto3 reads credentials, and AWS_ENDPOINT_URL for a stand-in, from where it always does. Imported only where a table is
configured: importing boto3 takes longer than the whole site.
"""

import os
import re
import secrets
import threading
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError

from apps.chassis.breakers import breaker_of

URL = re.compile(r"dynamodb://([a-z]{2}(?:-[a-z]+)+-\d)/([A-Za-z0-9_.-]{3,255})")
CONFIG = Config(
    connect_timeout=1,
    read_timeout=1,
    retries={"total_max_attempts": 2, "mode": "standard"},
    max_pool_connections=50,
)
LOST_RACES = frozenset(
    {"ConditionalCheckFailedException", "TransactionConflictException", "TransactionCanceledException"}
)

Item = Mapping[str, Mapping[str, Any]]


class TableUnavailable(Exception):
    """The table gave no answer, or refused; the message says why."""


class LostRace(Exception):
    """Somebody else has changed one of the items since it was read; nothing was written."""


class Table:
    """Safe over threads and after a fork. Every failure is TableUnavailable, but for LostRace."""

    def __init__(self, url: str) -> None:
        parts = URL.fullmatch(url)
        if parts is None:
            raise ValueError("takes dynamodb://REGION/TABLE")
        self.region, self.name = parts.groups()
        self._breaker = breaker_of(url)

    def get(self, key: str) -> Item | None:
        """The item as it is now."""
        answer = self._ask("get_item", TableName=self.name, Key=key_of(key), ConsistentRead=True)
        found: Item | None = answer.get("Item")
        return found

    def write(self, actions: Sequence[Mapping[str, Any]]) -> None:
        """Do all the actions, as `put` and its like make them, or none; raises LostRace."""
        if len(actions) == 1 and "Put" in actions[0]:
            self._put_alone(actions[0]["Put"])
        elif actions:
            # The client adds a token of its own, by which a repeat after a lost answer is known as one.
            self._ask("transact_write_items", TransactItems=actions)

    def put(self, item: Item, version: str | None) -> Mapping[str, Any]:
        """Write the item if the stored one is of this version, or if there is none for None."""
        return {"Put": {"TableName": self.name, "Item": item, **condition(version)}}

    def delete(self, key: str, version: str | None) -> Mapping[str, Any]:
        """Remove the item if it is of this version; whatever it is for None."""
        known = condition(version) if version else {}
        return {"Delete": {"TableName": self.name, "Key": key_of(key), **known}}

    def check(self, key: str, version: str | None) -> Mapping[str, Any]:
        """Let the others pass only if this item is still of this version."""
        return {"ConditionCheck": {"TableName": self.name, "Key": key_of(key), **condition(version)}}

    def close(self) -> None:
        """Close the connections; the next request opens new ones."""
        client_of(self.region).close()

    def _put_alone(self, action: Mapping[str, Any]) -> None:
        try:
            self._ask("put_item", **action, ReturnValuesOnConditionCheckFailure="ALL_OLD")
        except LostRace as lost:
            # The answer to the first try may have been lost, and the second has met what the first one wrote.
            old = getattr(lost.__cause__, "response", {}).get("Item", {})
            if old.get("version") != action["Item"]["version"]:
                raise

    def _ask(self, operation: str, **arguments: Any) -> Any:
        if not self._breaker.allows():
            raise TableUnavailable(f"{self.name} did not answer a moment ago")
        try:
            answer = getattr(client_of(self.region), operation)(**arguments)
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in LOST_RACES:
                raise LostRace from error
            raise TableUnavailable(str(error)) from error
        except BotoCoreError as error:
            if isinstance(error, HTTPClientError):
                self._breaker.failed()
            raise TableUnavailable(str(error)) from error
        self._breaker.succeeded()
        return answer


def client_of(region: str) -> Any:
    """The client for a region that this process has: making one takes a while, and all threads may use it."""
    with _making:
        # By process, for a child must not speak by its parent's connections.
        return _made(region, os.getpid())


# Clients may be used by all threads, but making one changes the session that all of them come from.
_making = threading.Lock()


@cache
def _made(region: str, process: int) -> Any:
    return boto3.session.Session().client("dynamodb", region_name=region, config=CONFIG)


def key_of(key: str) -> Item:
    """The key of an item as DynamoDB takes it."""
    return {"id": {"S": key}}


def new_version() -> str:
    """Random, so that a writer knows its own work again."""
    return secrets.token_hex(12)


def condition(version: str | None) -> Mapping[str, Any]:
    """That the stored item is of this version, or that there is none for None."""
    if version is None:
        return {"ConditionExpression": "attribute_not_exists(id)"}
    return {"ConditionExpression": "version = :known", "ExpressionAttributeValues": {":known": {"S": version}}}
