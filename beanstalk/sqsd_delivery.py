"""One message as one HTTP request to the worker, with the headers that Beanstalk's daemon sends."""

from __future__ import annotations

import http.client
import socket
import threading
from contextlib import suppress
from urllib.parse import urlsplit

from apps.chassis.jobs.received import Received
from beanstalk.sqsd_cron import PATH, SCHEDULED_TIME, TASK_NAME, iso

USER_AGENT = "aws-sqsd/3.0 (compatible; beanstalk.sqsd)"


class Inactive(Exception):
    """The worker did not answer within the inactivity timeout; whether it did the work is unknown."""


class Courier:
    """Posts messages to one target, any number at a time."""

    def __init__(
        self, target: str, path: str, mime_type: str, queue_name: str, connect_timeout: float, inactivity_timeout: float
    ) -> None:
        parts = urlsplit(target)
        if parts.scheme != "http" or not parts.hostname or parts.path not in ("", "/"):
            raise ValueError(f"the target must be like http://127.0.0.1:80, not {target!r}")
        self.address = (parts.hostname, parts.port or 80)
        self.path, self.mime_type, self.queue_name = path, mime_type, queue_name
        self.connect_timeout, self.inactivity_timeout = connect_timeout, inactivity_timeout
        self._lock = threading.Lock()
        self._live: set[socket.socket] = set()

    def is_up(self) -> bool:
        """Whether the target accepts connections."""
        try:
            socket.create_connection(self.address, timeout=self.connect_timeout).close()
        except OSError:
            return False
        return True

    def post(self, message: Received) -> int:
        """The status that the worker answered. Raises Inactive, OSError, HTTPException, and ValueError for a message
        that cannot be put into a request."""
        connection = http.client.HTTPConnection(*self.address, timeout=self.connect_timeout)
        connection.connect()
        # The connection forgets its socket once the answer has begun, but it must be possible to cut it even then.
        line = connection.sock
        line.settimeout(self.inactivity_timeout)
        try:
            with self._lock:
                self._live.add(line)
            return self._exchange(connection, message)
        finally:
            with self._lock:
                self._live.discard(line)
            connection.close()

    def cut(self) -> None:
        """Cut all requests that wait for an answer; they raise OSError or HTTPException."""
        with self._lock:
            for line in self._live:
                with suppress(OSError):
                    line.shutdown(socket.SHUT_RDWR)

    def path_of(self, message: Received) -> str:
        """Where the message goes: a periodic task to its own url, all else to the one path of the options."""
        return message.attributes[PATH].value if PATH in message.attributes else self.path

    def headers_of(self, message: Received) -> dict[str, str]:
        """What the request says about the message."""
        headers = {
            "User-Agent": USER_AGENT,
            "Content-Type": self.mime_type,
            "X-Aws-Sqsd-Msgid": message.id,
            "X-Aws-Sqsd-Queue": self.queue_name,
            "X-Aws-Sqsd-First-Received-At": iso(message.first_received_at),
            "X-Aws-Sqsd-Sent-At": iso(message.sent_at),
            "X-Aws-Sqsd-Receive-Count": str(message.receive_count),
            "X-Aws-Sqsd-Path": self.path_of(message),
            "X-Aws-Sqsd-Sender-Id": message.sender_id,
        }
        return headers | (_task_headers(message) if PATH in message.attributes else _attribute_headers(message))

    def _exchange(self, connection: http.client.HTTPConnection, message: Received) -> int:
        body = "" if PATH in message.attributes else message.body
        try:
            connection.request("POST", self.path_of(message), body.encode(), self.headers_of(message))
            response = connection.getresponse()
            response.read()
        except TimeoutError as error:
            raise Inactive from error
        return response.status


def _task_headers(message: Received) -> dict[str, str]:
    named = {"X-Aws-Sqsd-Taskname": TASK_NAME, "X-Aws-Sqsd-Scheduled-At": SCHEDULED_TIME}
    return {header: message.attributes[name].value for header, name in named.items() if name in message.attributes}


def _attribute_headers(message: Received) -> dict[str, str]:
    return {
        f"X-Aws-Sqsd-Attr-{name}": attribute.value
        for name, attribute in message.attributes.items()
        if attribute.type.partition(".")[0] in ("String", "Number")
    }
