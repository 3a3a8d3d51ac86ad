"""The queue daemon of a worker, with what a bundle says of aws:elasticbeanstalk:sqsd."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from beanstalk.platform.extensions import Options

SQSD = "aws:elasticbeanstalk:sqsd"
FLAGS = {
    "HttpPath": "--path",
    "MimeType": "--mime-type",
    "HttpConnections": "--connections",
    "ConnectTimeout": "--connect-timeout",
    "InactivityTimeout": "--inactivity-timeout",
    "VisibilityTimeout": "--visibility-timeout",
    "ErrorVisibilityTimeout": "--error-visibility-timeout",
    "MaxRetries": "--max-retries",
}


def command(app: str, options: Options, properties: Mapping[str, str], bundle: Path, port: int) -> list[str]:
    """The daemon's command line: from the stage's queue to nginx."""
    queue = options.get((SQSD, "WorkerQueueURL")) or properties["QUEUE_URL"]
    words = [sys.executable, "-m", "beanstalk.sqsd", "--queue", queue, "--target", f"http://127.0.0.1:{port}"]
    for name, flag in FLAGS.items():
        if value := options.get((SQSD, name)):
            words += [flag, value]
    if (bundle / "cron.yaml").exists():
        words += ["--cron", str(bundle / "cron.yaml")]
        if not queue.startswith("sqlite:"):
            words += ["--registry-table", f"{app}-periodic-tasks"]
    return words
