"""The mount that all instances share goes away under the running site, and comes back."""

from lab.experiments.mywordpress.authors import AWAY, Uploader, authors
from lab.experiments.mywordpress.journal import APP, INSTANCES, journal
from lab.experiments.mywordpress.mounts import detached
from lab.experiments.mywordpress.pictures import ACKNOWLEDGED, MISSING, files, missing, pictures
from lab.load.openloop import Load, asking
from lab.running.architecture import Stage
from lab.running.experiment import Experiment
from lab.running.run import Run
from lab.texts import Text

UPLOADS_PER_SECOND, READS_PER_SECOND = 4.0, 5.0
# An upload that has begun before the mount is back may still be refused.
AWAY_SECONDS, BACK_SECONDS, SETTLED_SECONDS = 12.0, 10.0, 1.0
GONE = Text("the mount is gone", "마운트가 사라진다")


def body(its: Run[Stage]) -> Text:
    stage = its.ground
    with (
        its.load(Load(stage.site(APP, keeps=False), READS_PER_SECOND, asking("/", "home page"))),
        its.load(authors(stage, Uploader, UPLOADS_PER_SECOND)),
    ):
        its.steady()
        with its.fault(GONE, detached(stage, *INSTANCES)):
            gone = its.now
            its.wait(AWAY_SECONDS)
            below = sum(len(files(stage, instance)) for instance in INSTANCES)
            until = its.now
        its.wait(BACK_SECONDS)
    return told(its, gone, until, below)


def told(its: Run[Stage], gone: float, until: float, below: int) -> Text:
    """Claim what was found, and say it."""
    (fault,) = its.marks
    uploads, pages = its.answers.asked("upload"), its.answers.asked("home page")
    meanwhile = uploads.between(gone, until)
    clear = len(meanwhile.where(lambda answer: answer.outcome == AWAY))
    later = uploads.between((fault.until or 0) + SETTLED_SECONDS, its.now)
    its.claim(Text("uploads while it was gone", "마운트가 없는 동안의 업로드"), len(meanwhile), at_least=40)
    its.claim(
        Text("of them, those refused by 503, why, and when to come again", "그중 503과 까닭, 다시 올 때를 답한 것"),
        clear,
        at_least=len(meanwhile),
    )
    its.claim(Text("files where the mount had been", "마운트가 있던 자리의 파일"), below, at_most=0)
    its.claim(Text("uploads once it was back", "돌아온 뒤의 업로드"), len(later), at_least=20)
    its.claim(Text("of them, those that failed", "그중 실패한 것"), len(later.failed), at_most=0)
    its.number(ACKNOWLEDGED, len(pictures(its)))
    its.claim(MISSING, len(missing(its)), at_most=0)
    its.claim(Text("home pages that failed", "실패한 첫 페이지"), len(pages.failed), at_most=0)
    return Text(
        f"{clear} of {len(meanwhile)} uploads were refused in words while the mount was gone, and {below} files lay "
        f"where it had been. Once it was back, {len(later.failed)} of {len(later)} failed; {len(pages.failed)} of "
        f"{len(pages)} home pages did at any time.",
        f"마운트가 없는 동안 업로드 {len(meanwhile)}개 가운데 {clear}개가 까닭을 듣고 거절되었고, 마운트가 있던 자리의 "
        f"파일은 {below}개입니다. 돌아온 뒤에는 {len(later)}개 가운데 {len(later.failed)}개, 첫 페이지는 내내 "
        f"{len(pages)}개 가운데 {len(pages.failed)}개가 실패했습니다.",
    )


EXPERIMENT = Experiment(
    name="mywordpress/mount-lost",
    title=Text("The shared mount is lost", "함께 쓰는 마운트를 잃는다"),
    hypothesis=Text(
        "Below a mount that is gone there is an empty folder of the instance, which would take pictures and show "
        "them to nobody. So an instance stores nothing unless the mount is there: uploads are refused, pages are "
        "served, and both go on when it is back. Here a helper with root's rights detaches the mount inside each "
        "running container, and attaches it again later. A container's own disk is read-only as well, which alone "
        "would keep the folder empty: what is tried here is the answer, and that nothing needs to start again.",
        "마운트가 사라진 자리에는 인스턴스의 빈 폴더가 있어, 그림을 받아도 아무에게도 보이지 않게 된다. 그래서 "
        "인스턴스는 마운트가 있을 때만 저장한다. 업로드는 거절하고 페이지는 보여 주며, 돌아오면 계속한다. 여기서는 "
        "루트 권한이 있는 도우미가 실행 중인 컨테이너 안에서 마운트를 떼었다가 다시 붙인다. 컨테이너의 디스크는 "
        "읽기 전용이기도 해서 그것만으로도 폴더는 비어 있다. 여기서 보는 것은 답과, 재시작이 필요 없다는 것이다.",
    ),
    ground=journal(sessions="cookie", cache="null", storage="efs"),
    body=body,
)
