"""Each instance keeps pictures on a disk of its own."""

from lab.experiments.mywordpress.journal import journal
from lab.experiments.mywordpress.pictures import (
    ACKNOWLEDGED,
    LOOKS_MISSING,
    MISSING,
    looks,
    missing,
    not_found,
    pictures,
    unserved,
    upload_and_look,
)
from lab.running.architecture import Stage
from lab.running.experiment import Experiment
from lab.running.run import Run
from lab.texts import Text


def body(its: Run[Stage]) -> Text:
    upload_and_look(its)
    taken, absent = len(pictures(its)), len(missing(its))
    share = 100 * len(not_found(its)) / max(len(looks(its)), 1)
    its.claim(ACKNOWLEDGED, taken, at_least=40)
    its.claim(MISSING, absent, at_least=taken)
    its.claim(LOOKS_MISSING, share, "%", at_least=30, at_most=70)
    its.claim(Text("requests that failed otherwise", "다른 까닭으로 실패한 요청"), unserved(its), at_most=0)
    return Text(
        f"Of {taken} pictures that were acknowledged {absent} are missing on one of the two instances, and "
        f"{share:.0f} % of {len(looks(its))} looks at them found nothing.",
        f"받았다고 답한 그림 {taken}개 가운데 {absent}개가 두 인스턴스 중 하나에는 없고, 그림 보기 "
        f"{len(looks(its))}번 가운데 {share:.0f} %가 아무것도 찾지 못했습니다.",
    )


EXPERIMENT = Experiment(
    name="mywordpress/own-disks",
    title=Text("Pictures on each instance's own disk", "인스턴스마다 자기 디스크에 둔 그림"),
    hypothesis=Text(
        "A disk (EBS) belongs to one instance. A picture is kept by the one that took it, and every second reader "
        "meets the other one.",
        "디스크(EBS)는 인스턴스 하나의 것이다. 그림은 받은 인스턴스에만 있고, 독자 둘 중 하나는 다른 인스턴스로 간다.",
    ),
    ground=journal(sessions="cookie", cache="null", storage="ebs"),
    body=body,
    fails=True,
)
