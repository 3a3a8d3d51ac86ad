"""Order.place beside PyMySQL that replays its statements, and what sixteen buyers do to the last pieces."""

from collections.abc import Sequence
from contextlib import ExitStack
from statistics import median

from apps.chassis.database import Database
from lab import ordering
from lab.asking import percentile
from lab.crew import Crew, Tally, Trade
from lab.findings import Findings
from lab.goods import Goods, filled, goods, holdings, stock, unbooked

ROUNDS, SECONDS = 5, 2
LAST_PIECES = 300
# Against 0.5 of the replayed orders, turned round so that less is better, as with the others.
MOST_LOST = 2.0


def placed(findings: Findings, shop_url: str, raw_url: str | None) -> None:
    """Order.place beside its own statements: among all pieces, then sixteen buyers who all want the hot one."""
    database = filled(shop_url)
    all_goods = goods(database)
    hot = Goods(all_goods.variants[1:], all_goods.variants[0])
    recording = recorded(raw_url, all_goods) if raw_url else None
    print("Order.place, three lines, median and range")
    for name, wanted, threads in (("any pieces, 2 x 4", all_goods, 4), ("the hot piece, 2 x 8", hot, 8)):
        ours = ordering.Placing(shop_url, wanted, threads, ordering.total_cents(database, wanted.chosen()))
        raw = ordering.Replaying(raw_url, wanted, recording) if raw_url and recording else None
        tell(findings, name, *compared(ours, raw, threads))
    if raw_url:
        check_replay(findings, raw_url)
    sell_out(findings, database, shop_url, hot)
    database.dispose()


def check_replay(findings: Findings, url: str) -> None:
    """What was compared with must have done the same work."""
    database = Database(url)
    findings.claim("variants whose stock the replayed orders have misbooked", unbooked(database), 0)
    database.dispose()


def recorded(url: str, all_goods: Goods) -> ordering.Recording:
    """What one order sends, in a database of its own for whoever replays it."""
    database = filled(url)
    recording = ordering.record(database, all_goods.variants[-3:])
    database.dispose()
    print(f"an order of three lines: {len(recording.sent)} statements and the commit")
    return recording


def compared(ours: Trade, raw: Trade | None, threads: int) -> tuple[list[Tally], list[Tally]]:
    """Both in short rounds by turns, while both stay up; none of the raw ones without MariaDB."""
    with ExitStack() as stack:
        crews = [stack.enter_context(Crew(trade, threads=threads)) for trade in (ours, raw) if trade]
        for crew in crews:
            crew.work(SECONDS / 4)
        turns = [[crew.work(SECONDS) for crew in crews] for _ in range(ROUNDS)]
    return [turn[0] for turn in turns], [turn[1] for turn in turns if len(turn) > 1]


def tell(findings: Findings, name: str, ours: Sequence[Tally], raw: Sequence[Tally]) -> None:
    """What one comparison has found."""
    parties = {"Order.place": ours, "replayed": raw} if raw else {"Order.place": ours}
    findings.table({f"{name}: {who} per second": rates(tallies) for who, tallies in parties.items()})
    findings.table({f"{name}: 99th percentile, ms": [percentile(sorted(each.waits), 99) * 1000 for each in ours]})
    for who, tally in ((who, tally) for who, tallies in parties.items() for tally in tallies):
        findings.errors(who, tally)
    failed = sum(each.errors.total() + each.answers[ordering.REFUSED] for each in ours)
    findings.claim(f"{name}: orders that fail", failed, 0)
    if raw:
        findings.claim(f"{name}: replayed orders that fail", sum(each.errors.total() for each in raw), 0)
        ratio = median(theirs / our for theirs, our in zip(rates(raw), rates(ours), strict=True))
        findings.kept[f"{name}: replayed to Order.place"] = round(ratio, 3)
        findings.claim(f"{name}: the statements alone are hardly more orders per second", ratio, MOST_LOST)


def rates(tallies: Sequence[Tally]) -> list[float]:
    """Orders per second of each round."""
    return [each.per_second(ordering.PLACED) for each in tallies]


def sell_out(findings: Findings, database: Database, url: str, hot: Goods) -> None:
    """The last pieces of the hot one, wanted by sixteen: so many are sold, and not one more."""
    assert hot.hot is not None
    seen_cents = ordering.total_cents(database, hot.chosen())
    stock(database, hot.hot, LAST_PIECES)
    before = holdings(database, hot.hot).sold
    with Crew(ordering.Placing(url, hot, 8, seen_cents), threads=8) as crew:
        tally = crew.work(SECONDS)
        while not tally.answers[ordering.REFUSED] and not tally.errors:
            tally.add(crew.work(SECONDS))
    findings.errors("Order.place", tally)
    after = holdings(database, hot.hot)
    print(f"the last {LAST_PIECES} pieces: {after.sold - before} sold in {tally.answers[ordering.PLACED]} orders")
    findings.claim("orders of the last pieces that fail", tally.errors.total(), 0)
    findings.claim("pieces sold twice or left lying", abs(after.sold - before - LAST_PIECES) + abs(after.stock), 0)
    findings.claim("variants whose stock is not what the ledger says", unbooked(database), 0)
