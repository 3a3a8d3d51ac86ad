"""All instances keep pictures on one mount."""

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
    its.claim(ACKNOWLEDGED, taken, at_least=40)
    its.claim(MISSING, absent, at_most=0)
    its.claim(LOOKS_MISSING, len(not_found(its)), at_most=0)
    its.claim(Text("requests that failed otherwise", "다른 까닭으로 실패한 요청"), unserved(its), at_most=0)
    return Text(
        f"Of {taken} pictures that were acknowledged {absent} are missing on an instance; {len(looks(its))} looks at "
        f"them, by both instances, failed {len(not_found(its))} times.",
        f"받았다고 답한 그림 {taken}개 가운데 인스턴스에 없는 것은 {absent}개이고, 두 인스턴스에서 그림을 "
        f"{len(looks(its))}번 보는 동안 {len(not_found(its))}번 실패했습니다.",
    )


EXPERIMENT = Experiment(
    name="mywordpress/shared-mount",
    title=Text("Pictures on a mount that all instances share", "모든 인스턴스가 함께 쓰는 마운트에 둔 그림"),
    hypothesis=Text(
        "A file system that is mounted by all instances (EFS) has each picture once, and whichever instance is asked "
        "finds it. Here it is one volume of Docker for both.",
        "모든 인스턴스가 마운트한 파일 시스템(EFS)에는 그림이 한 번만 있고, 어느 인스턴스에 물어도 찾는다. 여기서는 "
        "둘이 함께 쓰는 Docker 볼륨 하나다.",
    ),
    ground=journal(sessions="cookie", cache="null", storage="efs"),
    body=body,
    cures=("mywordpress/own-disks",),
)
