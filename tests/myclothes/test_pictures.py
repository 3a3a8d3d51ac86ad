"""Pictures that a manager uploads: what is kept of them, who sees them, and when they go."""

import io
import random
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from apps.chassis.columns import now
from apps.myclothes.accounts.audits import AuditEntry
from apps.myclothes.accounts.models import Customer, Role
from apps.myclothes.admin.views.pictures import FORM_BYTES, MOST_BYTES
from apps.myclothes.catalog import photographs
from apps.myclothes.catalog.exports import export
from apps.myclothes.catalog.imports import BadCatalogue, apply, plan_import
from apps.myclothes.catalog.models import Variant
from apps.myclothes.catalog.photographs import KEPT_UNUSED, Picture
from apps.myclothes.catalog.webp import ENOUGH_BYTES, shrunk
from tests.myclothes.post import PostOffice
from tests.myclothes.shop import Shop, Visitor
from tests.support.drawings import SECRET, bomb, encoded, located, opened, picture

SKU = "CREW-OAT-S"


@pytest.fixture
def manager(shop: Shop, ada: Visitor) -> Visitor:
    with shop.db() as db:
        db.execute(update(Customer).values(role=Role.MANAGER))
    return ada


def send(visitor: Visitor, data: bytes, name: str = "coat.jpg") -> TestResponse:
    number = visitor.shop.variant(SKU).id
    return visitor.post(f"/admin/variants/{number}/picture", {"file": (io.BytesIO(data), name)})


def number_of_pictures(shop: Shop) -> int:
    with shop.db() as db:
        return db.scalar(select(func.count()).select_from(Picture)) or 0


def age(shop: Shop) -> None:
    """Let a day pass since anybody touched a picture."""
    with shop.db() as db:
        db.execute(update(Picture).values(uploaded_at=now() - KEPT_UNUSED - timedelta(minutes=1)))


def test_a_picture_is_shown_for_all_sizes_of_its_colour_at_once(shop: Shop, manager: Visitor) -> None:
    guest = shop.visitor()
    assert "/pictures/" not in guest.get("/products/everyday-crew").text
    answer = send(manager, picture("JPEG", (400, 500)))
    assert (answer.status_code, answer.location) == (303, f"/admin/variants/{shop.variant(SKU).id}?done=saved")
    name = shop.variant(SKU).picture
    assert shop.variant("CREW-OAT-M").picture == name
    assert shop.variant("CREW-FOR-S").picture == "everyday-crew-forest.svg"
    for page in ("/products/everyday-crew", "/products/everyday-crew?lang=ko", "/shelves/knitwear", "/"):
        assert f'src="/pictures/{name}"' in guest.get(page).text
    assert f"http://localhost/pictures/{name}" in guest.get("/products/everyday-crew").text
    assert f'src="/pictures/{name}"' in manager.get("/admin/products").text
    with shop.db() as db:
        entry = db.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert entry is not None
        assert (entry.action, entry.subject, entry.actor) == ("variant.picture", SKU, "ada@example.org")


def test_it_is_kept_upright_and_small_and_tells_nothing(shop: Shop, manager: Visitor) -> None:
    send(manager, located("JPEG", orientation=6))
    answer = shop.visitor().get(f"/pictures/{shop.variant(SKU).picture}")
    image = opened(answer.data).convert("RGB")
    assert (image.size, SECRET in answer.data) == ((60, 80), False)
    corner = image.getpixel((55, 5))
    assert isinstance(corner, tuple)
    assert corner[0] > 200 > 80 > corner[1]


def test_whoever_has_a_picture_need_never_ask_again(shop: Shop, manager: Visitor) -> None:
    send(manager, picture("PNG", (300, 300)))
    guest = shop.visitor()
    first = guest.get(f"/pictures/{shop.variant(SKU).picture}")
    assert first.content_type == "image/webp"
    assert first.headers["Cache-Control"] == "public, immutable, max-age=31536000"
    assert first.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "Set-Cookie" not in first.headers
    assert "Vary" not in first.headers
    again = guest.client.get(first.request.path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("key", ["0" * 64, "A" * 64, "%00" * 64, "%ED%95%9C" * 64, "0" * 63, "../" + "0" * 61])
def test_there_is_no_other_picture(visitor: Visitor, key: str) -> None:
    answer = visitor.get(f"/pictures/{key}.webp")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-store")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "Please choose a file."),
        (b"%PDF-1.7", "not a JPEG, PNG, GIF or WebP"),
        (b"<svg onload='alert(1)'>", "SVG drawings are not taken"),
        (b"GIF89a<script>alert(1)</script>", "not a JPEG, PNG, GIF or WebP"),
        (picture("JPEG", (300, 300))[:-500], "damaged or incomplete"),
        (bomb(), "400 megapixels"),
    ],
)
def test_what_is_no_picture_is_refused_by_name(shop: Shop, manager: Visitor, data: bytes, reason: str) -> None:
    answer = send(manager, data)
    assert (answer.status_code, number_of_pictures(shop)) == (422, 0)
    assert reason in answer.text


def test_a_picture_that_is_too_large_is_refused_with_the_limit(shop: Shop, manager: Visitor) -> None:
    path = f"/admin/variants/{shop.variant(SKU).id}/picture"
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="coat.jpg"\r\n\r\n'
    for size in (MOST_BYTES + 1, MOST_BYTES + FORM_BYTES):
        body = head + bytes(size) + b"\r\n--x--\r\n"
        form = {"data": body, "content_type": "multipart/form-data; boundary=x"}
        answer = manager.client.post(path, **form, headers={"Sec-Fetch-Site": "same-origin"})
        assert (answer.status_code, number_of_pictures(shop)) == (413, 0)
        assert "up to 5 MB" in answer.text


def test_only_managers_send_pictures(shop: Shop, ada: Visitor) -> None:
    assert send(ada, picture("JPEG", (30, 30))).status_code == 404
    assert send(shop.visitor(), picture("JPEG", (30, 30))).location.startswith("/sign-in")
    assert number_of_pictures(shop) == 0


@pytest.mark.parametrize(
    ("mode", "channels", "size"), [("RGB", 3, (1500, 1600)), ("RGBA", 4, (400, 1200)), ("L", 1, (3000, 20))]
)
def test_even_noise_becomes_small(mode: str, channels: int, size: tuple[int, int]) -> None:
    noise = random.Random(7).randbytes(size[0] * size[1] * channels)
    made = shrunk(encoded(Image.frombytes(mode, size, noise), "PNG", compress_level=0))
    assert len(made.data) <= ENOUGH_BYTES
    assert made.width <= 900
    assert made.height <= 1200


def test_an_exported_picture_can_be_imported_again(shop: Shop, manager: Visitor) -> None:
    send(manager, picture("JPEG", (300, 300)))
    name = shop.variant(SKU).picture
    with shop.db() as db:
        text = "".join(export(db))
        assert name in text
        plan = plan_import(db, text.replace("everyday-crew-forest.svg", name))
        assert plan.problems == []
        apply(db, plan)
    assert shop.variant("CREW-FOR-S").picture == name


def test_an_import_takes_no_picture_that_was_swept_since_its_plan(shop: Shop, manager: Visitor) -> None:
    send(manager, picture("JPEG", (300, 300)))
    name = shop.variant(SKU).picture
    age(shop)
    with shop.db() as db:
        plan = plan_import(db, "".join(export(db)).replace("everyday-crew-forest.svg", name))
        photographs.discard(db, name)
        with pytest.raises(BadCatalogue, match="Images"):
            apply(db, plan)


def test_it_can_be_chosen_for_another_colour_and_left_again(shop: Shop, manager: Visitor) -> None:
    send(manager, picture("JPEG", (300, 300)))
    name, other = shop.variant(SKU).picture, shop.variant("CREW-FOR-S")
    form = {"sku": other.sku, "colour": "Forest", "swatch": "#35493c", "size": "S", "price": "129", "picture": name}
    assert f'<option value="{name}">Uploaded picture of Oatmeal<' in manager.get(f"/admin/variants/{other.id}").text
    assert manager.post(f"/admin/variants/{other.id}", form).status_code == 303
    assert shop.variant("CREW-FOR-S").picture == name
    assert manager.post(f"/admin/variants/{other.id}", form | {"picture": "f" * 64 + ".webp"}).status_code == 422


def test_what_nobody_sees_any_more_is_swept_after_a_day(shop: Shop, manager: Visitor, post: PostOffice) -> None:
    names = []
    for seed in range(3):
        send(manager, picture("PNG", (30, 30), seed=40 * seed))
        names.append(shop.variant(SKU).picture)
        if seed == 1:
            assert shop.visitor().get(f"/pictures/{names[0]}").status_code == 200
            manager.add(SKU)
            assert manager.order().status_code == 303
    assert post.post("/every/day").status_code == 200
    assert number_of_pictures(shop) == 3
    age(shop)
    assert post.post("/every/day").status_code == 200
    # The second stays for the order that shows it, the third for the variant.
    assert [shop.visitor().get(f"/pictures/{name}").status_code for name in names] == [404, 200, 200]


@pytest.mark.parametrize("meanwhile", ["sent again", "chosen"])
def test_a_picture_that_is_wanted_again_is_not_swept(shop: Shop, meanwhile: str) -> None:
    made = shrunk(picture("PNG", (30, 30)))
    with shop.db() as db:
        name = photographs.keep(db, made)
    age(shop)
    with shop.db() as db:
        assert photographs.old(db, "", 9) == [name]
    with shop.db() as db:
        assert photographs.keep(db, made) == name if meanwhile == "sent again" else photographs.hold(db, [name]) == []
    with shop.db() as db:
        assert not photographs.discard(db, name)
        db.execute(update(Variant).values(picture=name))
    assert number_of_pictures(shop) == 1
