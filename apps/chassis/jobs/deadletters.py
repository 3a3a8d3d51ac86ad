"""Dead letters: look at them, send them again, or drop them. `python -m apps.NAME dead-letters --help`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

from apps.chassis.jobs import Message, QueueUnavailable
from apps.chassis.jobs.received import Dead
from apps.chassis.jobs.sqlite import SqliteQueue
from apps.chassis.jobs.sqs import AwsClients, received, unless_unavailable
from apps.chassis.sqlite import path_of

if TYPE_CHECKING:
    from apps.chassis.settings import Settings

HELD_SECONDS = 120
WAITING = {"connect_timeout": 5, "read_timeout": 10, "retries": {"total_max_attempts": 2, "mode": "standard"}}


class DeadLetters(Protocol):
    """What a queue gave up on. Everything raises QueueUnavailable."""

    def dead(self) -> list[Dead]:
        """All dead letters."""

    def redrive(self, identifier: str | None) -> int:
        """Put one dead letter, or with None each of them, back on its queue; answers how many."""

    def drop(self, identifier: str | None) -> int:
        """Delete one dead letter, or with None each of them, for good; answers how many."""


def open_dead_letters(url: str) -> DeadLetters:
    """The dead letters of the queue that `url` names."""
    return SqliteQueue(path_of(url)) if url.startswith("sqlite:") else SqsDeadLetters(url)


class SqsDeadLetters:
    """The queue that an SQS queue's redrive policy names. While somebody looks, nobody else sees the same letters."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._aws = AwsClients(url, WAITING)

    def dead(self) -> list[Dead]:
        with self._held() as (_, letters):
            return [Dead(received(raw), None) for raw in letters]

    def redrive(self, identifier: str | None) -> int:
        with self._held() as (queue, letters):
            chosen = _chosen(letters, identifier)
            for raw in chosen:
                # Sent before it is deleted: a crash in between leaves it twice, and a job is done only once.
                self._ask(
                    "send_message",
                    self.url,
                    MessageBody=raw["Body"],
                    MessageAttributes=raw.get("MessageAttributes", {}),
                )
                self._delete(queue, letters, raw)
        return len(chosen)

    def drop(self, identifier: str | None) -> int:
        with self._held() as (queue, letters):
            chosen = _chosen(letters, identifier)
            for raw in chosen:
                self._delete(queue, letters, raw)
        return len(chosen)

    @contextmanager
    def _held(self) -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
        """The dead-letter queue's URL and all its letters; those still in the list at the end become visible again."""
        queue = self._dead_letter_queue()
        letters: list[Mapping[str, Any]] = []
        try:
            while some := self._receive(queue):
                letters.extend(some)
            yield queue, letters
        finally:
            for raw in letters:
                self._ask("change_message_visibility", queue, ReceiptHandle=raw["ReceiptHandle"], VisibilityTimeout=0)

    def _dead_letter_queue(self) -> str:
        attributes = self._ask("get_queue_attributes", self.url, AttributeNames=["RedrivePolicy"]).get("Attributes", {})
        if "RedrivePolicy" not in attributes:
            raise QueueUnavailable(f"{self.url} has no dead-letter queue")
        *_, account, name = json.loads(attributes["RedrivePolicy"])["deadLetterTargetArn"].split(":")
        client = self._aws.client("sqs")
        found = unless_unavailable(lambda: client.get_queue_url(QueueName=name, QueueOwnerAWSAccountId=account))
        return str(found["QueueUrl"])

    def _receive(self, queue: str) -> list[Mapping[str, Any]]:
        answer = self._ask(
            "receive_message",
            queue,
            MaxNumberOfMessages=10,
            VisibilityTimeout=HELD_SECONDS,
            WaitTimeSeconds=1,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        return list(answer.get("Messages", []))

    def _delete(self, queue: str, letters: list[Mapping[str, Any]], raw: Mapping[str, Any]) -> None:
        self._ask("delete_message", queue, ReceiptHandle=raw["ReceiptHandle"])
        letters.remove(raw)

    def _ask(self, action: str, queue: str, **arguments: Any) -> Any:
        call = getattr(self._aws.client("sqs"), action)
        return unless_unavailable(lambda: call(QueueUrl=queue, **arguments))


def _chosen(letters: list[Mapping[str, Any]], identifier: str | None) -> list[Mapping[str, Any]]:
    return [raw for raw in letters if identifier in (None, raw["MessageId"])]


def run(argv: Sequence[str], settings: Settings) -> int:
    """The command `dead-letters`; answers its exit code."""
    chosen = _parser().parse_args(argv)
    try:
        letters = open_dead_letters(settings.queue_url)
        return _list(letters) if chosen.verb == "list" else _change(letters, chosen.verb, chosen.id)
    except QueueUnavailable as error:
        sys.stderr.write(f"the queue cannot be reached: {error}\n")
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dead-letters", description="Messages that were tried too often in vain.")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    verbs.add_parser("list", help="show all of them")
    for verb, text in (("redrive", "put back on the queue"), ("drop", "delete for good")):
        added = verbs.add_parser(verb, help=text)
        which = added.add_mutually_exclusive_group(required=True)
        which.add_argument("id", nargs="?", metavar="ID", help="the letter's id, as list shows it")
        which.add_argument("--all", action="store_true", help="all of them")
    return parser


def _list(letters: DeadLetters) -> int:
    dead = letters.dead()
    for letter in dead:
        message = letter.message
        first = datetime.fromtimestamp(message.first_received_at, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
        error = letter.error or "cause unknown, see the worker's log"
        tries = f"{message.receive_count} {'try' if message.receive_count == 1 else 'tries'}"
        sys.stdout.write(f"{message.id}  {_job(letter)}  {tries}  first {first}  {error}\n")
    sys.stdout.write(f"{len(dead)} dead letter{'' if len(dead) == 1 else 's'}\n")
    return 0


def _change(letters: DeadLetters, verb: str, identifier: str | None) -> int:
    changed = letters.redrive(identifier) if verb == "redrive" else letters.drop(identifier)
    sys.stdout.write(f"{changed} {'sent again' if verb == 'redrive' else 'dropped'}\n")
    return 0 if changed or identifier is None else 1


def _job(letter: Dead) -> str:
    """What the letter asked for; messages of strangers may hold anything, which must not reach a terminal."""
    task = letter.message.attributes.get("beanstalk.sqsd.task_name")
    try:
        name = task.value if task else Message.decode(letter.message.body).job
    except ValueError:
        return "(no job)"
    return name if name.isprintable() else repr(name)
