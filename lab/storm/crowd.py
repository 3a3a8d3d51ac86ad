"""Who is about on a random day, and what was acknowledged to them."""

import io
import json
import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from random import Random
from urllib.parse import urlsplit

from apps.mywordpress.seed import DEMO_EMAIL, DEMO_PASSWORD
from lab.load.openloop import Load, Script, asking
from lab.load.visitor import Site, Visitor
from lab.purchases import ADDRESS, CARD, HIDDEN
from lab.running.architecture import Stage
from lab.running.run import Run

ORDER, PAYMENT, UPLOAD, POST, COMMENT = "order", "payment", "upload", "post", "comment"
PATIENCE_SECONDS = 15.0
CARTS, WRITERS = 6, 5
# A cart takes no more of one piece, and no more than two kinds are wanted in one.
MOST_OF_ONE, KINDS = 20, 2
BADGE = re.compile(r'class="badge">(\d+)')
POST_NUMBER = re.compile(r'action="[^"]*/posts/(\d+)/comments')
# A member may say twenty things in ten minutes, and all authors are one: only the first of them talks, so often.
TALKER, TALKS_EACH = 0, 8
BOUNDARY = "a-picture-of-the-storm"


@dataclass
class Cart:
    """Grows by a piece at each visit until it is full, and is only looked at from then on."""

    visitor: Visitor
    variants: Sequence[int]
    tried: int = 0
    # Those pieces of which a replica knew before they were acknowledged.
    confirmed: int = 0

    async def __call__(self) -> None:
        if self.tried < MOST_OF_ONE * KINDS:
            await self.add(self.variants[self.tried // MOST_OF_ONE])
        else:
            await self.look()

    async def add(self, variant: int) -> None:
        self.tried += 1
        answer = await self.visitor.post("/cart", {"variant": variant, "quantity": 1}, "add to cart")
        self.confirmed += answer.status == 303 and "unconfirmed" not in answer.header("server-timing")

    async def look(self) -> None:
        page = await self.visitor.get("/cart", "cart")
        if page.status == 200 and not self.holds(page.text):
            self.visitor.complain("cart lost")

    def holds(self, page: str) -> bool:
        """Whether a page shows at least what was confirmed, and no more than was asked for."""
        found = BADGE.search(page)
        return self.confirmed <= (int(found[1]) if found else 0) <= self.tried


@dataclass
class Buyer:
    """Orders one piece at each visit, each time to another name, and pays for it."""

    visitor: Visitor
    variants: Sequence[int]
    numbers: "count[int]" = field(default_factory=count)

    async def __call__(self) -> None:
        visitor, number = self.visitor, next(self.numbers)
        form = ADDRESS | {"name": f"Buyer {visitor.number} of {number}", "generation": "0"}
        variant = self.variants[number % len(self.variants)]
        if (await visitor.post("/cart", {"variant": variant, "quantity": 1}, "add to cart")).status != 303:
            return
        quoted = await visitor.post("/checkout/quotation", form, "quotation")
        if quoted.status == 200:
            await self.order(form | dict(HIDDEN.findall(quoted.text)))

    async def order(self, form: dict[str, str]) -> None:
        ordered = await self.visitor.post("/checkout", form, "order")
        place = ordered.header("location")
        path = urlsplit(place).path.split("/")
        if ordered.status != 303 or "orders" not in path:
            return
        number = path[path.index("orders") + 1]
        self.visitor.confirm(ORDER, number)
        if (await self.visitor.post(place, {"card": CARD}, "payment")).status == 303:
            self.visitor.confirm(PAYMENT, number)


@dataclass
class Author:
    """Signs in once; then uploads a picture and publishes a post in turn, and now and then says something about it."""

    visitor: Visitor
    draw: Random
    signed_in: bool = False
    turns: "count[int]" = field(default_factory=lambda: count(1))

    async def __call__(self) -> None:
        if not self.signed_in:
            form = {"email": DEMO_EMAIL, "password": DEMO_PASSWORD}
            self.signed_in = (await self.visitor.post("/sign-in", form, "sign in")).status == 303
            return
        turn = next(self.turns)
        await (self.upload() if turn % 2 else self.publish(turn))

    async def upload(self) -> None:
        body, kind = picture_form(noise(self.draw))
        answer = await self.visitor.post("/media", body, "upload", kind, {"Accept": "application/json"})
        if answer.status == 201:
            self.visitor.confirm(UPLOAD, str(json.loads(answer.text)["url"]))

    async def publish(self, turn: int) -> None:
        title = f"Weather {self.draw.getrandbits(60):x}"
        form = {"title": title, "body": "It rains.", "publish": "1"}
        answer = await self.visitor.post("/posts", form, "post", headers={"Accept": "text/html"})
        if answer.status == 303:
            path = urlsplit(answer.header("location")).path
            self.visitor.confirm(POST, f"{path} {title}")
            if self.visitor.number == TALKER and turn % TALKS_EACH == 0:
                await self.comment(path)

    async def comment(self, path: str) -> None:
        page = await self.visitor.get(path, "own post")
        number, said = POST_NUMBER.search(page.text), f"Thunder {self.draw.getrandbits(60):x}"
        if number:
            answer = await self.visitor.post(f"/posts/{number[1]}/comments", {"text": said}, "comment")
            if answer.status == 303:
                self.visitor.confirm(COMMENT, f"{path} {said}")


def noise(draw: Random) -> bytes:
    """A small picture that nobody has."""
    from PIL import Image

    out = io.BytesIO()
    Image.frombytes("RGB", (24, 16), draw.randbytes(24 * 16 * 3)).save(out, "PNG")
    return out.getvalue()


def picture_form(picture: bytes) -> tuple[bytes, str]:
    """A form with this picture as a browser sends it, and its content type."""
    head = 'Content-Disposition: form-data; name="file"; filename="storm.png"\r\nContent-Type: image/png'
    body = f"--{BOUNDARY}\r\n{head}\r\n\r\n".encode() + picture + f"\r\n--{BOUNDARY}--\r\n".encode()
    return body, f"multipart/form-data; boundary={BOUNDARY}"


class Crowd:
    """All of them. `carts` are kept, to be looked at when all is over."""

    def __init__(self, site: Callable[[str], Site], variants: Sequence[int], seed: int) -> None:
        self.carts: list[Cart] = []
        draw = Random(seed)
        shop, journal = site("myclothes"), site("mywordpress")
        self.loads = (
            Load(site("whatisthetime"), 6.0, asking("/")),
            Load(shop, 6.0, asking("/shelves/accessories")),
            Load(journal, 4.0, asking("/")),
            Load(shop, 2.0, self._filling(variants), CARTS),
            Load(shop, 1.0, lambda visitor: Buyer(visitor, variants)),
            Load(journal, 1.0, lambda visitor: Author(visitor, draw), WRITERS),
        )

    @contextmanager
    def about(self, its: Run[Stage]) -> Iterator[None]:
        """All of them at once."""
        with ExitStack() as stack:
            for load in self.loads:
                stack.enter_context(its.load(load))
            yield

    def _filling(self, variants: Sequence[int]) -> Script:
        def script(visitor: Visitor) -> Callable[[], Awaitable[object]]:
            self.carts.append(Cart(visitor, variants))
            return self.carts[-1]

        return script
