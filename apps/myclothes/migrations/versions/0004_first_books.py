"""Book what there is: the stock and what was sold of it, the orders' sums, the receipts.

Nothing of it is done twice, so that a revision that died may be run again, and each statement sees one moment: what the
previous release sells meanwhile is booked here or by the worker. It took no payments; what it accepted counts as paid.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

OPENINGS = """
INSERT INTO stock_movements (variant_id, quantity, cause, reference, note, actor, moved_at)
SELECT variants.id,
    variants.stock + COALESCE((SELECT SUM(quantity) FROM order_lines WHERE variant_id = variants.id), 0),
    'opening', '', '', '', products.created_at
FROM variants JOIN products ON products.id = variants.product_id
WHERE NOT EXISTS (SELECT 1 FROM stock_movements AS known WHERE known.variant_id = variants.id)
"""
SALES = """
INSERT INTO stock_movements (variant_id, quantity, cause, reference, note, actor, moved_at)
SELECT order_lines.variant_id, -SUM(order_lines.quantity), 'order', orders.number, '', '', orders.placed_at
FROM order_lines JOIN orders ON orders.id = order_lines.order_id
WHERE NOT EXISTS (
    SELECT 1 FROM stock_movements AS known
    WHERE known.variant_id = order_lines.variant_id AND known.cause = 'order' AND known.reference = orders.number
)
GROUP BY order_lines.variant_id, orders.number, orders.placed_at
"""
SUMS = """
UPDATE orders SET goods_cents = total_cents, paid_at = placed_at, state = 'paid'
WHERE goods_cents = 0 AND state = 'placed' AND expires_at IS NULL AND NOT EXISTS (
    SELECT 1 FROM order_lines WHERE order_lines.order_id = orders.id AND NOT EXISTS (
        SELECT 1 FROM stock_movements AS known
        WHERE known.variant_id = order_lines.variant_id AND known.cause = 'order' AND known.reference = orders.number
    )
)
"""
RECEIPTS = """
INSERT INTO letters (kind, about, recipient, language, facts, created_at, claimed_until, sent_at, refused_at)
SELECT 'receipt', number, email, language, '{}', placed_at, receipt_claimed_until, receipt_sent_at, receipt_refused_at
FROM orders
WHERE NOT EXISTS (SELECT 1 FROM letters AS known WHERE known.kind = 'receipt' AND known.about = orders.number)
"""


def upgrade() -> None:
    for statement in (OPENINGS, SALES, SUMS, RECEIPTS):
        op.execute(sa.text(statement))
