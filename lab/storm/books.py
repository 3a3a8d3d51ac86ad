"""What the databases and the post office say when a random day is over."""

import re
from collections import defaultdict

from lab.experiments.myclothes.job_twice import mails
from lab.experiments.myclothes.shop import sql
from lab.running.architecture import Stage
from lab.running.databases import writer

SERVERS = ("database-a", "database-b", "database-reader")
# Each counts what must not be there. The first name of an order tells its visit: two orders of one are one too many.
UNBALANCED = """
SELECT COUNT(*) FROM variants v
LEFT JOIN (SELECT variant_id, SUM(quantity) AS booked FROM stock_movements GROUP BY variant_id) m ON m.variant_id = v.id
WHERE v.stock <> COALESCE(m.booked, 0)
"""
UNBOOKED = """
SELECT COUNT(*) FROM order_lines l JOIN orders o ON o.id = l.order_id
LEFT JOIN stock_movements m ON m.variant_id = l.variant_id AND m.cause = 'order' AND m.reference = o.number
WHERE m.id IS NULL OR m.quantity <> -l.quantity
"""
ORDERED_TWICE = "SELECT COUNT(*) FROM (SELECT 1 FROM orders GROUP BY name HAVING COUNT(*) > 1) twice"
PAID_TWICE = """
SELECT COUNT(*) FROM (
  SELECT p.order_id FROM test_gateway_entries g JOIN payments p ON p.reference = g.reference OR p.`key` = g.`key`
  WHERE g.charge IS NULL AND g.outcome = 'succeeded'
  AND NOT EXISTS (SELECT 1 FROM test_gateway_entries back WHERE back.charge = g.reference)
  GROUP BY p.order_id HAVING COUNT(*) > 1) twice
"""
CHARGED_UNKNOWN = """
SELECT COUNT(*) FROM test_gateway_entries g LEFT JOIN payments p ON p.`key` = g.`key`
WHERE g.charge IS NULL AND p.id IS NULL
"""
UNSETTLED = "SELECT COUNT(*) FROM payments WHERE outcome = 'unknown'"
PAID = "SELECT number FROM orders WHERE state = 'paid'"
RECEIPTS = "SELECT about FROM letters WHERE kind = 'receipt' AND refused_at IS NULL"
RECEIPTS_SENT_SINCE = "SELECT about FROM letters WHERE kind = 'receipt' AND sent_at > '{moment}'"
UNSENT = "SELECT COUNT(*) FROM letters WHERE sent_at IS NULL AND refused_at IS NULL"
# Heartbeats go on, and are there to be late.
TABLES = """
SELECT CONCAT(table_schema, '.', table_name) FROM information_schema.tables
WHERE table_schema IN ('myclothes', 'mywordpress') AND table_name <> 'chassis_heartbeat' ORDER BY 1
"""
NUMBER = re.compile(r"\b[2-9A-Z]{5}-[2-9A-Z]{5}\b")
MESSAGE_ID = re.compile(r"Message-ID: *(<[^>]+>)", re.IGNORECASE)


def counted(stage: Stage, statement: str) -> int:
    """What a statement that counts answers at the writer."""
    return int(sql(stage, writer(stage), statement))


def listed(stage: Stage, statement: str, server: str = "") -> set[str]:
    """The lines that a statement answers at a server, or at the writer."""
    return set(sql(stage, server or writer(stage), statement).splitlines())


def differing(stage: Stage) -> set[str]:
    """The tables that are not the same on all servers."""
    tables = ", ".join(sorted(listed(stage, TABLES)))
    lines = [listed(stage, f"CHECKSUM TABLE {tables}", server) for server in SERVERS]
    return {line.partition("\t")[0] for line in lines[0].union(*lines) - lines[0].intersection(*lines)}


def receipts_due(stage: Stage) -> set[str]:
    """The orders whose receipt must be among the mails: the local SES forgets what it sent before it started anew."""
    (cloud,) = stage.control.engine.inspect(stage.control.name("cloud"))
    moment = cloud["State"]["StartedAt"][: len("2026-01-01T00:00:00")].replace("T", " ")
    return listed(stage, RECEIPTS_SENT_SINCE.format(moment=moment))


def receipts_sent(stage: Stage, numbers: set[str]) -> dict[str, list[str]]:
    """The mails that tell of each of these orders, by the name that each mail was sent under."""
    found: dict[str, list[str]] = defaultdict(list)
    for mail in mails(stage):
        name = MESSAGE_ID.search(mail)
        for number in set(NUMBER.findall(mail)) & numbers:
            found[number].append(name[1] if name else mail)
    return found
