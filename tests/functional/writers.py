"""Authors of MyWordPress as programs: sign in, upload, post, over plain HTTP."""

import http.client
import json
import secrets
from urllib.parse import urlencode, urlsplit

from apps.mywordpress.seed import DEMO_EMAIL, DEMO_PASSWORD
from tests.support.sites import RunningSite

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin", "Accept": "application/json"}


class Writer:
    """The demo author with a session of their own; OSError or HTTPException while the site is away."""

    def __init__(self, site: RunningSite) -> None:
        self.address = urlsplit(site.url).netloc
        self.cookie = ""

    def sign_in(self) -> None:
        form = urlencode({"email": DEMO_EMAIL, "password": DEMO_PASSWORD}).encode()
        status, headers, _ = self.send("POST", "/sign-in", form, "application/x-www-form-urlencoded")
        assert status == 303
        self.cookie = headers["Set-Cookie"].partition(";")[0]

    def upload(self, data: bytes) -> str | None:
        """The address of the picture if the upload was acknowledged."""
        status, _, body = self.send("POST", "/media", *form_of({}, data))
        return str(json.loads(body)["url"]) if status == 201 else None

    def post(self, title: str, data: bytes) -> str | None:
        """The address of the published post with this picture, if it was acknowledged."""
        form, kind = form_of({"title": title, "body": "Words.", "publish": "1"}, data)
        status, headers, _ = self.send("POST", "/posts", form, kind, "text/html")
        return headers["Location"] if status == 303 else None

    def draft(self, title: str) -> int:
        """The number of a new draft of the first version."""
        status, answer = self._save("/posts", {"title": title, "body": "Words."})
        assert status == 201
        return int(json.loads(answer)["id"])

    def edit(self, post_id: int, body: str, version: int) -> int:
        """The status of saving this as the version after `version`: 201, or 409 if somebody was faster."""
        return self._save(f"/posts/{post_id}", {"title": "Edited", "body": body, "version": str(version)})[0]

    def library(self) -> set[str]:
        """The addresses of all files of the library."""
        found: set[str] = set()
        before: int | None = 2**31
        while before:
            page = json.loads(self.get(f"/media/picker?before={before}")[1])
            found |= {one["url"] for one in page["items"]}
            before = page["before"]
        return found

    def get(self, path: str) -> tuple[int, bytes]:
        status, _, body = self.send("GET", path)
        return status, body

    def _save(self, path: str, form: dict[str, str]) -> tuple[int, bytes]:
        status, _, answer = self.send("POST", path, urlencode(form).encode(), "application/x-www-form-urlencoded")
        return status, answer

    def begin_upload(self, data: bytes) -> http.client.HTTPConnection:
        """An upload of which only half was sent so far."""
        body, kind = form_of({}, data)
        connection = http.client.HTTPConnection(self.address, timeout=20)
        connection.putrequest("POST", "/media")
        length = {"Content-Type": kind, "Content-Length": str(len(body)), "Cookie": self.cookie}
        for name, value in (SAME_ORIGIN | length).items():
            connection.putheader(name, value)
        connection.endheaders(body[: len(body) // 2])
        return connection

    def send(
        self, method: str, path: str, body: bytes | None = None, kind: str = "", accept: str = "application/json"
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        connection = http.client.HTTPConnection(self.address, timeout=20)
        try:
            own = {"Cookie": self.cookie, "Content-Type": kind, "Accept": accept}
            connection.request(method, path, body, SAME_ORIGIN | own)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()


def form_of(fields: dict[str, str], data: bytes) -> tuple[bytes, str]:
    """A form with a file as a browser sends it, and its content type."""
    boundary = secrets.token_hex(16)
    parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{text}'.encode() for name, text in fields.items()]
    head = b'Content-Disposition: form-data; name="file"; filename="x.png"\r\nContent-Type: image/png\r\n\r\n'
    mark = f"--{boundary}".encode()
    body = b"".join(mark + b"\r\n" + part + b"\r\n" for part in [*parts, head + data]) + mark + b"--\r\n"
    return body, f"multipart/form-data; boundary={boundary}"
