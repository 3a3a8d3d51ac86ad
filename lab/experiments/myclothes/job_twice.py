"""A queue delivers at least once: each message comes twice."""

import json

from lab.experiments.myclothes.buyers import Payer, acknowledged, buyers
from lab.experiments.myclothes.shop import WORKER, shop, sql
from lab.running.architecture import Stage
from lab.running.databases import writer
from lab.running.experiment import Experiment
from lab.running.run import Run
from lab.texts import Text

WORKER_1 = WORKER[0]
OWED = "SELECT id FROM letters ORDER BY id DESC LIMIT 60"
AGAIN = """
import os, sys
from apps.chassis.jobs import Message, open_queue
queue = open_queue(os.environ["QUEUE_URL"])
for letter in sys.argv[1:]:
    queue.send(Message.new("send_letter", {"letter_id": int(letter)}).encode())
"""


def body(its: Run[Stage]) -> Text:
    stage = its.ground
    before = set(mails(stage))
    with its.load(buyers(stage, Payer)):
        its.wait(8)
    letters = sql(stage, writer(stage), OWED).split()
    stage.control.execute(WORKER_1, "python", "-c", AGAIN, *letters, *letters)
    orders = acknowledged(its)
    its.until(lambda: all(any(number in mail for mail in mails(stage)) for number in orders), 60, "all mails")
    # What was sent again is handled by now, or it would come after mails that were sent later.
    its.wait(5)
    new = [mail for mail in mails(stage) if mail not in before]
    counts = [sum(number in mail for mail in new) for number in orders]
    its.claim(Text("orders", "주문"), len(orders), at_least=10)
    its.claim(
        Text("orders whose mail came", "메일이 온 주문"), sum(count >= 1 for count in counts), at_least=len(orders)
    )
    its.claim(
        Text("orders whose mail came more than once", "메일이 두 번 이상 온 주문"),
        sum(c > 1 for c in counts),
        at_most=0,
    )
    its.number(Text("messages sent again, each twice", "두 번씩 다시 보낸 메시지"), len(letters))
    return Text(
        f"Each of {len(letters)} messages was delivered again, twice, and each of {len(orders)} buyers had one mail.",
        f"메시지 {len(letters)}개를 두 번씩 더 보냈지만 구매자 {len(orders)}명은 메일을 한 통씩만 받았습니다.",
    )


def mails(stage: Stage) -> list[str]:
    """All mails that were ever sent, each as the text of what the local SES knows of it."""
    told = json.loads(stage.control.execute("cloud", "/opt/cloud/mail"))["messages"]
    return [json.dumps(mail) for sent in told.values() for mail in sent]


EXPERIMENT = Experiment(
    name="myclothes/job-twice",
    title=Text("Every job is delivered three times", "모든 작업이 세 번 배달된다"),
    hypothesis=Text(
        "A letter is claimed by a conditional update before it is sent, so a message that comes again finds "
        "nothing to do.",
        "편지는 조건부 갱신으로 먼저 차지한 뒤에 보내므로, 다시 온 메시지는 할 일이 없다.",
    ),
    ground=shop(*WORKER, sessions="cookie", cache="null", replicas=False),
    body=body,
)
