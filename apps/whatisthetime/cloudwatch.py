"""Publishing to CloudWatch how right a machine's clock is.

boto3 takes longer to load than the whole site, so it waits for the first time that there is something to publish.
"""

from functools import cache
from typing import Any

from apps.chassis.identity import UNKNOWN, Identity
from apps.whatisthetime.accuracy import Accuracy

# A figure that comes late is worth nothing: the next minute brings another.
PATIENCE = {"connect_timeout": 2, "read_timeout": 3, "retries": {"total_max_attempts": 2, "mode": "standard"}}


class Unpublished(Exception):
    """CloudWatch could not be reached, or refused; the text says why."""


def publish(namespace: str, identity: Identity, found: Accuracy) -> None:
    """Put ClockOffset and ClockError in seconds, by instance and zone. Raises Unpublished.

    ClockOffset is what to add to this machine's clock; ClockError is the most by which it may be wrong, either way.
    """
    dimensions = {"InstanceId": identity.instance_id, "AvailabilityZone": identity.availability_zone}
    figures = {"ClockOffset": found.offset, "ClockError": abs(found.offset) + found.bound}
    data = [
        {
            "MetricName": name,
            "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions.items()],
            "Unit": "Seconds",
            "Value": value,
        }
        for name, value in figures.items()
    ]
    try:
        # Without a time of ours, CloudWatch notes when it was told: this machine's clock is what is in doubt.
        _client(identity.region).put_metric_data(Namespace=namespace, MetricData=data)
    except Exception as error:
        from botocore.exceptions import BotoCoreError, ClientError

        if isinstance(error, (BotoCoreError, ClientError)):
            raise Unpublished(str(error)) from error
        raise


@cache
def _client(region: str) -> Any:
    import boto3
    from botocore.config import Config

    known = None if region == UNKNOWN else region
    return boto3.session.Session().client("cloudwatch", region_name=known, config=Config(**PATIENCE))
