"""What nginx adds, with each bundle's configuration and real gunicorns behind its socket."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from apps.chassis.bodies import LARGEST_FORM_BYTES
from apps.myclothes.admin.views.pictures import FORM_BYTES as SHOP_FORM_BYTES
from apps.myclothes.admin.views.pictures import MOST_BYTES as SHOP_PICTURE_BYTES
from apps.mywordpress.media.kinds import BY_SUFFIX, Family
from apps.mywordpress.wxr.views import FORM_BYTES as EXPORT_FORM_BYTES
from apps.mywordpress.wxr.views import MOST_BYTES as EXPORT_BYTES
from beanstalk import bundle
from tests.conftest import _need
from tests.services.instance import Answer, Instance
from tests.services.nginx import Nginx
from tests.support.bundles import EVERY

MEGABYTE = 1024 * 1024
# Anybody but the daemon and the balancer, as far as nginx can tell.
STRANGER = "127.0.0.2"
NOT_COMPARED = {
    "date",
    "server",
    "connection",
    "etag",
    "last-modified",
    "accept-ranges",
    "x-request-id",
    "server-timing",
}
GIF = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)


@pytest.fixture(scope="module", autouse=True)
def _nginx_is_installed() -> None:
    _need("nginx-light")


def served(made: Mapping[str, Path], name: str) -> Iterator[Instance]:
    instance = Instance(made[name])
    try:
        instance.start()
        yield instance
    finally:
        instance.stop()


@pytest.fixture(scope="module")
def blog(made: Mapping[str, Path]) -> Iterator[Instance]:
    yield from served(made, "mywordpress-web")


@pytest.fixture(scope="module")
def clock(made: Mapping[str, Path]) -> Iterator[Instance]:
    yield from served(made, "whatisthetime-web")


@pytest.fixture(scope="module")
def worker(made: Mapping[str, Path]) -> Iterator[Instance]:
    yield from served(made, "whatisthetime-worker")


@pytest.fixture
def configured(unpacked: Mapping[str, Path], tmp_path: Path) -> Callable[[str], Nginx]:
    """An nginx with the configuration of the bundle that is named."""
    return lambda name: Nginx(unpacked[name], tmp_path, {"/run/classic": tmp_path})


@pytest.mark.parametrize("name", [f"{app}-{tier}" for app, tier in EVERY])
def test_nginx_accepts_every_bundles_configuration(configured: Callable[[str], Nginx], name: str) -> None:
    assert configured(name).complaints() == ""


def test_what_came_to_the_balancer_by_http_is_sent_to_https(blog: Instance) -> None:
    answer = blog.ask("/about?x=1", headers={"X-Forwarded-Proto": "http"})
    assert (answer.status, answer.headers["Location"]) == (301, "https://site.example/about?x=1")


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_health_is_told_by_http_too(blog: Instance, path: str) -> None:
    answer = blog.ask(path, headers={"X-Forwarded-Proto": "http", "Host": "10.0.0.7"})
    assert answer.status == 200


@pytest.mark.parametrize("path", ["/health/../about", "/healthy", "/x/health/live"])
def test_what_only_resembles_the_health_check_is_redirected(blog: Instance, path: str) -> None:
    assert blog.ask(path, headers={"X-Forwarded-Proto": "http"}).status == 301


@pytest.mark.parametrize("claimed", ["http", "https"])
def test_nobody_outside_can_claim_a_scheme(blog: Instance, claimed: str) -> None:
    answer = blog.ask("/static/site.css", headers={"X-Forwarded-Proto": claimed}, address=STRANGER)
    assert answer.status == 200
    assert "Strict-Transport-Security" not in answer.headers


def test_a_page_comes_through_with_the_visitors_scheme_and_address(clock: Instance) -> None:
    answer = clock.ask("/api/ip", headers={"X-Forwarded-For": "192.0.2.9", "Accept": "application/json"})
    assert answer.status == 200
    assert b'"client_ip":"192.0.2.9"' in answer.body.replace(b" ", b"")


def stylesheet(instance: Instance) -> str:
    """The address of a stylesheet as a page says it."""
    page = instance.ask("/whoami").body.decode()
    return next(found[1] for found in re.finditer(r'href="(/static/site\.css\?v=[0-9a-f]{12})"', page))


def test_files_under_their_fingerprint_are_kept_for_a_year(blog: Instance) -> None:
    page = blog.ask("/whoami").body.decode()
    addresses = set(re.findall(r'(?:href|src)="(/(?:static|assets)/[^"]+)"', page))
    assert len(addresses) > 5
    for address in addresses:
        answer = blog.ask(address)
        assert (answer.status, answer.headers["Cache-Control"]) == (200, "public, max-age=31536000, immutable")


@pytest.mark.parametrize(
    "path", ["{}", "/static/site.css", "/static/site.css?v=0123456789ab", "/assets/base.css", "/static/icon.svg",
             "/static/fonts/literata.woff2", "/static/none.css", "/static/fonts/", "/static/../settings.py"],
)  # fmt: skip
def test_nginx_serves_a_file_as_the_app_would(blog: Instance, path: str) -> None:
    path = path.format(stylesheet(blog))
    from_nginx, from_app = blog.ask(path), blog.ask_app(path)
    assert (from_nginx.status, from_nginx.body) == (from_app.status, from_app.body) or from_app.status == 404
    assert told(from_nginx) == told(from_app)


def told(answer: Answer) -> dict[str, str]:
    headers = {name.lower(): value for name, value in answer.headers.items()}
    headers["content-type"] = headers["content-type"].replace("application/javascript", "text/javascript")
    headers["cache-control"] = ", ".join(sorted(headers["cache-control"].split(", ")))
    # An error's page names its own request.
    gone = NOT_COMPARED | ({"content-length"} if answer.status == 404 else set())
    return {
        name: value for name, value in headers.items() if name not in gone | {"vary", "content-disposition", "expires"}
    }


def test_a_file_that_has_not_changed_is_not_sent_again(blog: Instance) -> None:
    first = blog.ask("/static/site.css")
    again = blog.ask("/static/site.css", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status, again.body) == (304, b"")


@pytest.mark.parametrize("path", ["/static/site.css", "/whoami"])
def test_what_is_text_is_compressed(blog: Instance, path: str) -> None:
    answer = blog.ask(path, headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in ", ".join(answer.headers.get_all("Vary", []))


def test_a_compressed_answer_can_be_confirmed(clock: Instance) -> None:
    headers = {"Accept-Encoding": "gzip", "Accept": "application/json"}
    first = clock.ask("/api/timezone", headers=headers)
    assert first.headers["Content-Encoding"] == "gzip"
    again = clock.ask("/api/timezone", headers=headers | {"If-None-Match": first.headers["ETag"]})
    assert again.status == 304


@pytest.fixture
def picture(blog: Instance) -> str:
    """The address of a stored picture."""
    return stored(blog, "gif")


def stored(blog: Instance, suffix: str) -> str:
    name = hashlib.sha256(GIF).hexdigest()
    file = blog.media / name[:2] / name[2:4] / f"{name}.{suffix}"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(GIF)
    return f"/media/{file.relative_to(blog.media)}"


def test_pictures_are_served_by_nginx_as_the_app_would(blog: Instance, picture: str) -> None:
    from_nginx, from_app = blog.ask(picture), blog.ask_app(picture)
    assert "X-Request-Id" not in from_nginx.headers
    assert (from_nginx.status, from_nginx.body) == (from_app.status, from_app.body) == (200, GIF)
    ours = told(from_nginx)
    assert ours == told(from_app)
    assert ours["content-security-policy"] == "default-src 'none'; sandbox"
    assert ours["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("suffix", BY_SUFFIX)
def test_every_kind_of_file_is_served_by_nginx_as_the_app_would(blog: Instance, suffix: str) -> None:
    path = stored(blog, suffix)
    from_nginx, from_app = blog.ask(path), blog.ask_app(path)
    assert "X-Request-Id" not in from_nginx.headers
    assert (from_nginx.status, from_nginx.body) == (from_app.status, from_app.body) == (200, GIF)
    assert told(from_nginx) == told(from_app)
    attached = [answer.headers["Content-Disposition"] == "attachment" for answer in (from_nginx, from_app)]
    assert attached == [BY_SUFFIX[suffix].family is Family.DOCUMENT] * 2


def test_nginx_sends_the_part_of_a_recording_that_is_asked_for(blog: Instance) -> None:
    answer = blog.ask(stored(blog, "mp3"), headers={"Range": "bytes=3-5"})
    assert (answer.status, answer.body) == (206, GIF[3:6])


@pytest.mark.parametrize("suffix", ["svg", "html", "php"])
def test_nothing_but_a_picture_is_served_from_the_media(blog: Instance, suffix: str) -> None:
    assert blog.ask(stored(blog, suffix)).status == 404


def test_a_picture_that_is_missing_is_explained_by_the_app(blog: Instance) -> None:
    answer = blog.ask(f"/media/00/00/{'0' * 64}.png")
    assert answer.status == 404
    assert "X-Request-Id" in answer.headers


@pytest.mark.parametrize(
    ("megabytes", "status", "by_app"), [(16, 401, True), (43, 413, True), (46, 413, False)]
)  # fmt: skip
def test_an_upload_may_be_as_large_as_the_app_takes(blog: Instance, megabytes: int, status: int, by_app: bool) -> None:
    answer = blog.ask("/media", "POST", body=bytes(megabytes * MEGABYTE))
    assert answer.status == status
    assert ("X-Request-Id" in answer.headers) is by_app


@pytest.mark.parametrize("app", bundle.APPS)
def test_the_app_refuses_before_nginx_does_with_a_page_that_says_why(unpacked: Mapping[str, Path], app: str) -> None:
    texts = [path.read_text() for path in (unpacked[f"{app}-web"] / ".platform" / "nginx").rglob("*.conf")]
    admitted = max(int(size) for text in texts for size in re.findall(r"^\s*client_max_body_size +(\d+)m;", text, re.M))
    uploads = {"mywordpress": EXPORT_BYTES + EXPORT_FORM_BYTES, "myclothes": SHOP_PICTURE_BYTES + SHOP_FORM_BYTES}
    taken = uploads.get(app, LARGEST_FORM_BYTES)
    assert taken < admitted * MEGABYTE <= taken + 3 * MEGABYTE


def test_connections_to_gunicorn_are_kept(blog: Instance) -> None:
    kept = set()
    with closing(blog.connect()) as connection:
        for _ in range(10):
            assert Answer(connection, "/whoami").status == 200
            kept.add(frozenset(connected(blog.socket)))
    assert len(kept) == 1
    assert kept != {frozenset()}


def connected(socket: Path) -> set[str]:
    """The inodes of the connections that this Unix socket has accepted and not closed."""
    lines = [line.split() for line in Path("/proc/net/unix").read_text().splitlines()]
    return {words[6] for words in lines if words[-1] == str(socket) and words[5] == "03"}


def test_an_event_is_sent_when_it_happens(clock: Instance) -> None:
    heard = b""
    with closing(clock.connect()) as connection:
        connection.request("GET", "/api/stream/Asia/Seoul", headers={"Host": "site.example"})
        with connection.getresponse() as response:
            while heard.count(b"\n\n") < 2:
                heard += response.read1()
    assert heard.startswith(b"retry: ")
    assert b"data: " in heard


TICK = {"X-Aws-Sqsd-Msgid": "1", "Host": "localhost"}


def test_the_daemon_beside_the_worker_may_post(worker: Instance) -> None:
    assert worker.ask("/every/hour", "POST", headers=TICK).status == 200


def test_nobody_else_may_post_to_a_worker_whatever_they_claim(worker: Instance) -> None:
    answer = worker.ask("/every/hour", "POST", headers=TICK | {"X-Forwarded-For": "127.0.0.1"}, address=STRANGER)
    assert answer.status == 403
    assert "X-Request-Id" not in answer.headers


def test_a_workers_health_may_be_asked_for_by_anybody(worker: Instance) -> None:
    answer = worker.ask("/health/live", headers={"X-Forwarded-Proto": "http"}, address=STRANGER)
    assert answer.status == 200


def test_a_workers_pages_have_all_they_name(worker: Instance) -> None:
    answer = worker.ask("/nothing", headers={"Host": "localhost"})
    assert answer.status == 404
    assert b"/static/site.css?v=" in answer.body
