"""What CloudFormation makes on AWS: queues with their dead letters, a table for sessions, and senders of mail.

Run by ministack once it answers. What is there already stays as it is.
"""

import json
import os
from collections.abc import Callable
from typing import Any

import botocore.session

# As infra/queues.yaml has them; times are in seconds.
KEPT_SECONDS, DEAD_KEPT_SECONDS = 345600, 1209600
QUEUE = {"VisibilityTimeout": "300", "ReceiveMessageWaitTimeSeconds": "20"}
TRIES = 10
Client = Callable[[str], Any]


def main() -> None:
    """Make what QUEUES, TABLE and SENDERS name, each by comma."""
    client: Client = botocore.session.get_session().create_client
    for name in _words("QUEUES"):
        make_queue(client("sqs"), name)
    for name in _words("TABLE"):
        make_table(client("dynamodb"), name)
    for domain in _words("SENDERS"):
        client("ses").verify_domain_identity(Domain=domain)


def make_queue(sqs: Any, name: str) -> None:
    """A queue whose messages go to NAME-dead when they have failed too often."""
    attributes = {"MessageRetentionPeriod": str(DEAD_KEPT_SECONDS)}
    dead = sqs.create_queue(QueueName=f"{name}-dead", Attributes=attributes)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    redrive = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": TRIES})
    attributes = {**QUEUE, "MessageRetentionPeriod": str(KEPT_SECONDS), "RedrivePolicy": redrive}
    sqs.create_queue(QueueName=name, Attributes=attributes)


def make_table(dynamodb: Any, name: str) -> None:
    """A table by `id` that forgets what has expired."""
    if name in dynamodb.list_tables()["TableNames"]:
        return
    dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    )
    dynamodb.update_time_to_live(
        TableName=name, TimeToLiveSpecification={"AttributeName": "expires_at", "Enabled": True}
    )


def _words(variable: str) -> list[str]:
    return [word for word in os.environ.get(variable, "").split(",") if word]


if __name__ == "__main__":
    main()
