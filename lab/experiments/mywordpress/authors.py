"""People who write: they sign in first, and then do one thing at each visit."""

import io
import json
import secrets
from collections.abc import Callable

from apps.mywordpress.seed import DEMO_EMAIL, DEMO_PASSWORD
from lab.experiments.mywordpress.journal import APP
from lab.load.openloop import Load
from lab.load.visitor import Visitor
from lab.running.architecture import Stage

JSON = {"Accept": "application/json"}
SIZE = (32, 24)
# What becomes of an upload that is refused in words, with the time after which to come again.
AWAY, SAID = "storage away", "storage does not answer"


class Author:
    """The demo author in a session of their own; `act` is what they do once they are signed in."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.is_known = False

    async def __call__(self) -> None:
        if self.is_known:
            await self.act()
        else:
            form = {"email": DEMO_EMAIL, "password": DEMO_PASSWORD}
            self.is_known = (await self.visitor.post("/sign-in", form, "sign in")).status == 303

    async def act(self) -> None:
        raise NotImplementedError


class Uploader(Author):
    """Uploads another picture at each visit; what was acknowledged is noted by its address."""

    async def act(self) -> None:
        body, kind = form_of(drawn())
        answer = await self.visitor.post("/media", body, "upload", kind, JSON)
        if answer.status == 201:
            self.visitor.confirm("picture", str(json.loads(answer.text)["url"]))
        elif answer.status == 503 and SAID in answer.text and answer.header("retry-after"):
            self.visitor.complain(AWAY)


def authors(stage: Stage, kind: Callable[[Visitor], Author], rate: float) -> Load:
    """One author who comes so many times a second."""
    return Load(stage.site(APP, keeps=False), rate, kind, visitors=1)


def drawn() -> bytes:
    """A picture like no other, too small to need renditions."""
    from PIL import Image

    out = io.BytesIO()
    Image.frombytes("L", SIZE, secrets.token_bytes(SIZE[0] * SIZE[1])).save(out, "PNG")
    return out.getvalue()


def form_of(picture: bytes) -> tuple[bytes, str]:
    """A form with this file as a browser sends it, and its content type."""
    mark = secrets.token_hex(16)
    head = 'Content-Disposition: form-data; name="file"; filename="picture.png"\r\nContent-Type: image/png'
    body = f"--{mark}\r\n{head}\r\n\r\n".encode() + picture + f"\r\n--{mark}--\r\n".encode()
    return body, f"multipart/form-data; boundary={mark}"
