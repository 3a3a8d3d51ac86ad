"""The load: nothing is lost, everything is in its order, and a stall shows."""

import asyncio
import socket
import time
from collections.abc import Awaitable, Callable, Iterator

import pytest

from lab.load.answers import REFUSED, RESET, TIMEOUT, Answer, Answers, Deed
from lab.load.openloop import Load, Script, asking
from lab.load.visitor import Site, Visitor
from tests.lab.stalling import StallingSite
from tests.support.waiting import wait_until

RATE = 200.0


@pytest.fixture
def site() -> Iterator[StallingSite]:
    with StallingSite() as running:
        yield running


def at(site: StallingSite, *, keeps: bool = True, timeout: float = 5.0) -> Site:
    return Site("site.test", site.port, timeout=timeout, keeps=keeps)


def once(site: Site, script: Script) -> tuple[list[Answer], list[Deed]]:
    """What one visitor finds who comes once."""
    answers: list[Answer] = []
    deeds: list[Deed] = []

    async def visit() -> None:
        visitor = Visitor(0, site, answers, deeds)
        await script(visitor)()
        visitor.leave()

    asyncio.run(visit())
    return answers, deeds


def test_each_arrival_is_one_answer_in_the_order_of_the_clock(site: StallingSite) -> None:
    with Load(at(site), RATE, asking("/page")) as load:
        wait_until(lambda: len(load.answers) >= 40)
    due = [answer.due for answer in load.answers]
    assert len(due) == len(site.asked)
    assert load.answers.outcomes == {"200": len(due)}
    assert [round((moment - load.began) * RATE) for moment in due] == list(range(len(due)))
    assert load.answers.instances == {"web-1": len(due)}
    told = {(answer.zone, answer.database, answer.cache) for answer in load.answers}
    assert told == {("lab-1a", "reader", "hit")}


def test_a_stall_does_not_slow_the_arrivals_and_shows_in_every_answer_that_it_kept(site: StallingSite) -> None:
    with Load(at(site), RATE, asking("/page")) as load:
        wait_until(lambda: len(load.answers) >= 10)
        site.stall()
        before = len(site.asked)
        wait_until(lambda: len(site.asked) >= before + 60)
        site.go_on()
    stalled = load.answers[before + 5]
    # Sixty arrivals take 0.3 s, for which the first that was kept waiting must have waited.
    assert stalled.latency > 0.2
    assert load.answers.percentile(50) > 0.05
    assert load.answers.outcomes == {"200": len(site.asked)}


def test_a_visitor_who_is_busy_takes_the_next_arrival_late_and_says_so(site: StallingSite) -> None:
    with Load(at(site), 50, asking("/page"), visitors=1) as load:
        wait_until(lambda: len(load.answers) >= 5)
        site.stall()
        begun = time.monotonic()
        # Nothing tells that an arrival waits for its visitor, so the time itself is what is waited for.
        wait_until(lambda: time.monotonic() > begun + 0.2)
        site.go_on()
    waited = load.answers.where(lambda answer: begun + 0.02 < answer.due < begun + 0.1)
    assert min(answer.latency for answer in waited) > 0.05


@pytest.mark.parametrize(("path", "outcome"), [("/page", "200"), ("/broken", "503"), ("/reset", RESET)])
def test_each_outcome_is_told(site: StallingSite, path: str, outcome: str) -> None:
    answers, _ = once(at(site, keeps=False), asking(path))
    assert [answer.outcome for answer in answers] == [outcome]
    assert answers[0].fine == (outcome == "200")


def test_who_does_not_answer_in_time_is_a_timeout(site: StallingSite) -> None:
    site.stall()
    answers, _ = once(at(site, timeout=0.1), asking("/page"))
    assert answers[0].outcome == TIMEOUT
    assert 0.1 <= answers[0].latency < 1


def test_where_nobody_listens_the_request_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    answers, _ = once(Site("site.test", port), asking("/page"))
    assert answers[0].outcome == REFUSED


def visiting(*paths: str) -> Script:
    def script(visitor: Visitor) -> Callable[[], Awaitable[object]]:
        async def visit() -> None:
            for path in paths:
                await visitor.get(path)

        return visit

    return script


def test_connections_are_kept_or_made_anew_as_chosen(site: StallingSite) -> None:
    once(at(site, keeps=True), visiting("/a", "/b"))
    once(at(site, keeps=False), visiting("/c", "/d"))
    kept, again, new, newer = site.ports
    assert kept == again
    assert new != newer


def test_a_kept_connection_that_was_closed_is_no_failure_for_a_page(site: StallingSite) -> None:
    answers, _ = once(at(site), visiting("/a", "/reset"))
    # The second was asked twice, as a browser does, and only then counts as failed.
    assert site.asked == ["/a", "/reset", "/reset"]
    assert [answer.outcome for answer in answers] == ["200", RESET]


def test_a_form_is_never_sent_twice(site: StallingSite) -> None:
    def script(visitor: Visitor) -> Callable[[], Awaitable[object]]:
        async def visit() -> None:
            await visitor.get("/a")
            await visitor.post("/reset", {"n": 1})

        return visit

    answers, _ = once(at(site), script)
    assert site.asked == ["/a", "POST /reset"]
    assert answers[-1].outcome == RESET


def test_cookies_are_of_each_visitor_alone(site: StallingSite) -> None:
    once(at(site), visiting("/a", "/b"))
    once(at(site), visiting("/c"))
    assert site.cookies == ["", "count=1", ""]


def test_what_comes_in_chunks_is_read_whole(site: StallingSite) -> None:
    bodies: list[str] = []

    def script(visitor: Visitor) -> Callable[[], Awaitable[object]]:
        async def visit() -> None:
            bodies.extend([(await visitor.get("/chunks")).text, (await visitor.get("/page")).text])

        return visit

    once(at(site), script)
    assert bodies == ["hello world", "hello"]


def test_a_script_notes_what_was_confirmed_and_what_was_wrong(site: StallingSite) -> None:
    def script(visitor: Visitor) -> Callable[[], Awaitable[object]]:
        async def visit() -> None:
            if (await visitor.post("/cart", {"variant": 7}, "add to cart")).status == 303:
                visitor.confirm("cart line", "7")
            if "7" not in (await visitor.get("/cart")).text:
                visitor.complain("cart lost")

        return visit

    answers, deeds = once(at(site), script)
    assert [(deed.kind, deed.what, deed.visitor) for deed in deeds] == [("cart line", "7", 0)]
    assert [(answer.asked, answer.outcome, answer.fine) for answer in answers] == [
        ("add to cart", "303", True),
        ("/cart", "cart lost", False),
    ]


def test_what_a_script_raises_ends_the_load(site: StallingSite) -> None:
    def script(visitor: Visitor) -> Callable[[], Awaitable[object]]:
        async def visit() -> None:
            raise LookupError("no such button")

        return visit

    with pytest.raises(LookupError, match="no such button"), Load(at(site), RATE, script) as load:
        load._thread.join(5)


def test_an_error_leaves_at_once_what_is_still_waiting(site: StallingSite) -> None:
    def interrupted() -> None:
        with Load(at(site, timeout=60), RATE, asking("/page"), visitors=5):
            site.stall()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()


def test_failing_seconds_are_from_the_first_failure_to_the_last() -> None:
    answers = Answers([Answer("/", due, 0.1, outcome) for due, outcome in enumerate(("200", "503", "200", "reset"))])
    assert answers.failing_seconds == 2
    assert Answers().failing_seconds == 0
