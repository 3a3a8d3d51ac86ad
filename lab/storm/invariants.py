"""What must be true when a random day is over, and all is healed and calm."""

from collections.abc import Callable, Sequence

from lab.load.answers import Answers
from lab.running.architecture import Stage
from lab.running.record import Mark
from lab.running.run import Run
from lab.storm import books
from lab.storm.asking import answers, everywhere
from lab.storm.crowd import COMMENT, ORDER, PAYMENT, POST, UPLOAD, Crowd
from lab.texts import Text

Check = Callable[[Run[Stage], Crowd], float]
# What was interrupted is settled by the cadences of each minute, two of which may pass.
SETTLED_SECONDS, EQUAL_SECONDS = 150.0, 30.0


def told(its: Run[Stage], kind: str) -> set[str]:
    """What was acknowledged of a kind."""
    return {deed.what for deed in its.deeds if deed.kind == kind}


def calm_down(its: Run[Stage]) -> float:
    """Wait until every payment has its outcome and every letter is sent; answers how long that took."""
    stage = its.ground
    return its.until(
        lambda: not books.counted(stage, books.UNSETTLED) and not books.counted(stage, books.UNSENT),
        SETTLED_SECONDS,
        "every payment settled and every letter sent",
    )


def orders_lost(its: Run[Stage], crowd: Crowd) -> int:
    """Acknowledged orders that one of the servers does not have."""
    kept = [books.listed(its.ground, "SELECT number FROM orders", server) for server in books.SERVERS]
    return len(told(its, ORDER) - kept[0].intersection(*kept))


def payments_lost(its: Run[Stage], crowd: Crowd) -> int:
    """Orders that were acknowledged as paid, and are not, or whose receipt nobody owes."""
    paid, owed = books.listed(its.ground, books.PAID), books.listed(its.ground, books.RECEIPTS)
    return len(told(its, PAYMENT) - (paid & owed)) + len(paid ^ owed)


def receipts_wrong(its: Run[Stage], crowd: Crowd) -> int:
    """Receipts that were sent and did not arrive, and orders with two that their mailbox takes for different ones."""
    due = books.receipts_due(its.ground)
    sent = books.receipts_sent(its.ground, due | books.listed(its.ground, books.PAID))
    return sum(number not in sent for number in due) + sum(len(set(names)) > 1 for names in sent.values())


def carts_lost(its: Run[Stage], crowd: Crowd) -> int:
    """Carts of which some instance shows less than was confirmed, or more than was asked for."""
    return sum(not _is_kept(its.ground, cart.visitor.cookies, cart.holds) for cart in crowd.carts)


def _is_kept(stage: Stage, cookies: dict[str, str], holds: Callable[[str], bool]) -> bool:
    found = answers(stage, "myclothes", "/cart", cookies)
    return len(found) == stage.switches.instances and all(
        answer.status == 200 and holds(answer.text) for answer in found.values()
    )


def uploads_lost(its: Run[Stage], crowd: Crowd) -> int:
    """Pictures that some instance does not serve."""
    return sum(not everywhere(its.ground, "mywordpress", path) for path in told(its, UPLOAD))


def words_lost(its: Run[Stage], kind: str) -> int:
    """Posts or comments that some instance does not show."""
    found = [what.partition(" ") for what in told(its, kind)]
    return sum(not everywhere(its.ground, "mywordpress", path, text) for path, _, text in found)


def unequal(its: Run[Stage], crowd: Crowd) -> int:
    """Tables that stay different; what is on its way meanwhile is waited for."""
    found = books.differing(its.ground)
    since = its.now
    while found and its.now - since < EQUAL_SECONDS:
        found = books.differing(its.ground)
    if found:
        its.tell(f"not the same on all servers: {', '.join(sorted(found))}")
    return len(found)


def counting(statement: str) -> Check:
    """A check by what the writer's books say."""
    return lambda its, crowd: books.counted(its.ground, statement)


CHECKS: tuple[tuple[Text, Check], ...] = (
    (Text("acknowledged orders missing on a server", "서버에 없는 확인된 주문"), orders_lost),
    (Text("orders made twice", "두 번 된 주문"), counting(books.ORDERED_TWICE)),
    (Text("payments missing, or without a receipt owed", "없거나 영수증이 없는 결제"), payments_lost),
    (Text("orders charged twice", "두 번 결제된 주문"), counting(books.PAID_TWICE)),
    (Text("charges that the shop does not know", "상점이 모르는 청구"), counting(books.CHARGED_UNKNOWN)),
    (Text("receipts that did not arrive, or differ", "오지 않았거나 서로 다른 영수증"), receipts_wrong),
    (Text("pieces whose stock is not what was booked", "장부와 다른 재고"), counting(books.UNBALANCED)),
    (Text("ordered pieces that were never booked", "장부에 없는 주문 상품"), counting(books.UNBOOKED)),
    (Text("carts lost on an instance", "인스턴스에서 잃은 장바구니"), carts_lost),
    (Text("uploads lost on an instance", "인스턴스에서 잃은 그림"), uploads_lost),
    (Text("posts lost on an instance", "인스턴스에서 잃은 글"), lambda its, crowd: words_lost(its, POST)),
    (Text("comments lost on an instance", "인스턴스에서 잃은 댓글"), lambda its, crowd: words_lost(its, COMMENT)),
    (Text("tables that differ between servers", "서버마다 다른 테이블"), unequal),
)


def unexplained(answers: Answers, marks: Sequence[Mark], recovery: float) -> Answers:
    """Failures that were under way at no time within a fault, or within so many seconds after it healed."""
    times = [(mark.since, mark.until + recovery) for mark in marks if mark.until is not None]
    return answers.failed.where(
        lambda answer: not any(since <= answer.due + answer.latency and answer.due <= until for since, until in times)
    )
