"""Asking a server of ours how it is."""

from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit


def answer(url: str, seconds: float = 1.0) -> tuple[int, str]:
    """Status and beginning of the body of a GET, or 0 and the reason why there is none."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=seconds)
    try:
        connection.request("GET", parts.path)
        response = connection.getresponse()
        return response.status, response.read(2000).decode(errors="replace").strip()
    except (OSError, HTTPException) as error:
        return 0, str(error)
    finally:
        connection.close()
