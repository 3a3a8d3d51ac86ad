"""Pages that both instances keep, while an author publishes one post after another."""

import re
import secrets
import time

from lab.experiments.mywordpress.authors import JSON, Author, authors
from lab.experiments.mywordpress.journal import APP, REDIS, journal
from lab.load.answers import Answers
from lab.load.openloop import Load
from lab.load.visitor import Visitor
from lab.running.architecture import Stage
from lab.running.experiment import Experiment
from lab.running.run import Run
from lab.texts import Text

READS_PER_SECOND, EDITS_PER_SECOND = 50.0, 0.7
SECONDS = 25.0


class Edits:
    """Posts that are numbered as they come, when each was acknowledged, and how old the pages were that lack one."""

    def __init__(self) -> None:
        self.mark = secrets.token_hex(4)
        self.title = re.compile(f"Edit {self.mark} ([0-9]+)[.]")
        self.acknowledged: list[float] = []
        self.ages: list[float] = []

    def writing(self, visitor: Visitor) -> Author:
        """The script of the author."""
        return Publisher(visitor, self)

    def judge(self, asked: float, page: str) -> None:
        """Note for how long the first post that a page lacks had been acknowledged when the page was asked for."""
        shown = max(map(int, self.title.findall(page)), default=0)
        missing = self.acknowledged[shown : shown + 1]
        if missing and missing[0] < asked:
            self.ages.append(asked - missing[0])


class Publisher(Author):
    """Publishes another post at each visit."""

    def __init__(self, visitor: Visitor, edits: Edits) -> None:
        super().__init__(visitor)
        self.edits = edits

    async def act(self) -> None:
        title = f"Edit {self.edits.mark} {len(self.edits.acknowledged) + 1}."
        form = {"title": title, "body": "Words.", "publish": "1"}
        if (await self.visitor.post("/posts", form, "publish", headers=JSON)).status == 201:
            self.edits.acknowledged.append(time.monotonic())


class Reader:
    """Asks for the home page, without a cookie, and looks for the latest post."""

    def __init__(self, visitor: Visitor, edits: Edits) -> None:
        self.visitor, self.edits = visitor, edits

    async def __call__(self) -> None:
        asked = time.monotonic()
        page = await self.visitor.get("/", "home page")
        if page.status == 200:
            self.edits.judge(asked, page.text)


def body(its: Run[Stage]) -> Text:
    stage, edits = its.ground, Edits()
    readers = Load(stage.site(APP, keeps=False), READS_PER_SECOND, lambda visitor: Reader(visitor, edits))
    with its.load(readers):
        its.steady()
        with its.load(authors(stage, edits.writing, EDITS_PER_SECOND)):
            its.wait(SECONDS)
    pages = its.answers.asked("home page")
    oldest = max(edits.ages, default=0.0)
    claim(its, edits, pages, oldest)
    return Text(
        f"{len(edits.acknowledged)} posts were published, and {len(pages)} pages asked for, {hits(pages):.0f} % of "
        f"them kept ones. {len(edits.ages)} lacked the latest post, and none was older than {oldest:.2f} s.",
        f"글 {len(edits.acknowledged)}개가 공개되고 페이지를 {len(pages)}번 요청했으며, {hits(pages):.0f} %는 보관된 "
        f"것이었습니다. 최신 글이 빠진 것은 {len(edits.ages)}번이고, {oldest:.2f}초보다 오래된 것은 없었습니다.",
    )


def claim(its: Run[Stage], edits: Edits, pages: Answers, oldest: float) -> None:
    """Hold that pages were kept, by both instances, and how old they were."""
    its.claim(Text("posts published", "공개된 글"), len(edits.acknowledged), at_least=10)
    its.claim(Text("pages that failed", "실패한 페이지"), len(pages.failed), at_most=0)
    its.claim(Text("pages that were kept ones", "보관된 페이지"), hits(pages), "%", at_least=50)
    its.claim(
        Text("pages of the instance that served fewer", "덜 답한 인스턴스의 페이지"),
        min(pages.instances.values()) if len(pages.instances) > 1 else 0,
        at_least=300,
    )
    its.claim(
        Text("oldest page, since the post that it lacks was acknowledged", "가장 오래된 페이지, 빠진 글의 응답부터"),
        oldest,
        "s",
        at_most=1,
    )
    its.number(Text("pages that lacked the latest post", "최신 글이 빠진 페이지"), len(edits.ages))


def hits(pages: Answers) -> float:
    """How many of a hundred were not made for whoever asked."""
    return 100 * len(pages.where(lambda answer: answer.cache == "hit")) / max(len(pages), 1)


EXPERIMENT = Experiment(
    name="mywordpress/fresh-pages",
    title=Text("Kept pages on two instances, and somebody edits", "두 인스턴스가 보관한 페이지, 누가 글을 고친다"),
    hypothesis=Text(
        "An instance cannot reach into the other one's memory. Each asks the database four times a second which state "
        "stands, and trusts what it heard for less than a second: whoever edits tells nobody, and no page is older "
        "than that. No switch turns this off, so there is no failure beside it.",
        "인스턴스는 다른 인스턴스의 메모리를 지울 수 없다. 저마다 1초에 네 번 데이터베이스에 지금 상태를 묻고, 들은 "
        "것을 1초 미만만 믿는다. 고치는 쪽은 아무에게도 알리지 않으며, 그보다 오래된 페이지는 없다. 이것을 끄는 "
        "스위치는 없어서 나란히 놓을 실패도 없다.",
    ),
    ground=journal(*REDIS, sessions="cookie", cache="redis", storage="efs"),
    body=body,
)
