"""Stand-ins for SQS, DynamoDB and the like, by the real program `ministack`."""

import http.client
import os
import shutil
import subprocess
import tempfile
import time
from functools import cache
from pathlib import Path
from typing import Any

from tests.services.mariadb import free_port

START_SECONDS = 30.0
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_EC2_METADATA_DISABLED": "true"}


class Ministack:
    """One process on a free loopback port; `stop` ends it, and everything it held is gone."""

    def __init__(self, program: Path) -> None:
        self.program = program
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._folder = Path(tempfile.mkdtemp(prefix="ministack-"))
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until it answers; raises RuntimeError with the end of its log."""
        environ = {**os.environ, "GATEWAY_PORT": str(self.port), "BIND_HOST": "127.0.0.1"}
        with (self._folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [self.program], env=environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self._folder
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"ministack does not start: {(self._folder / 'log').read_text()[-2000:]}")
            time.sleep(0.02)

    def stop(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(START_SECONDS)
            self._process = None
        shutil.rmtree(self._folder, ignore_errors=True)

    @cache  # noqa: B019  # as long as the tests run, as it does itself
    def client(self, service: str) -> Any:
        """A boto3 client for one of its services."""
        import boto3

        return boto3.session.Session().client(
            service,
            endpoint_url=self.url,
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )

    def create_queue(self, name: str, *, max_receive_count: int | None = None) -> str:
        """Make a queue, with a dead-letter queue `NAME-dead` if messages may be received only so often; its URL."""
        sqs = self.client("sqs")
        attributes = {}
        if max_receive_count is not None:
            dead = sqs.create_queue(QueueName=f"{name}-dead")["QueueUrl"]
            arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
            policy = f'{{"deadLetterTargetArn": "{arn}", "maxReceiveCount": "{max_receive_count}"}}'
            attributes["RedrivePolicy"] = policy
        url: str = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        # It may name itself localhost, which need not be where it listens.
        return f"{self.url}/{url.split('/', 3)[3]}"

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/_ministack/health")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()


def session_table(ministack: Ministack, name: str = "sessions") -> str:
    """The URL of an empty table as infra makes the one of sessions; made once, emptied each time."""
    dynamodb = ministack.client("dynamodb")
    if name not in dynamodb.list_tables()["TableNames"]:
        dynamodb.create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        )
    for item in dynamodb.scan(TableName=name, ProjectionExpression="id")["Items"]:
        dynamodb.delete_item(TableName=name, Key=item)
    return f"dynamodb://us-east-1/{name}"


def find_ministack(given: str | None = None) -> Path | None:
    """The program: where we are told, or in the environment of its own beside the project; None if it is nowhere."""
    root = Path(__file__).parents[2]
    candidates = [Path(given)] if given else [root / ".venv-ministack" / "bin" / "ministack"]
    return next((path for path in candidates if path.is_file()), None)
