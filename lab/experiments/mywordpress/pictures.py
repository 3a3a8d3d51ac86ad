"""Pictures that an author uploads, and readers who look at them a moment later."""

import random
from collections.abc import Awaitable, Callable

from lab.experiments.mywordpress.authors import Uploader, authors
from lab.experiments.mywordpress.journal import APP, INSTANCES, MEDIA
from lab.load.answers import Answers
from lab.load.openloop import Load, Script
from lab.load.visitor import Visitor
from lab.running.architecture import Stage
from lab.running.run import Run
from lab.texts import Text

# Together an odd number, or a balancer that takes two instances in turns would lead all uploads to the same one.
UPLOADS_PER_SECOND, LOOKS_PER_SECOND = 3.0, 10.0
SECONDS = 20.0
ACKNOWLEDGED = Text("pictures that were acknowledged", "받았다고 답한 그림")
MISSING = Text("of them, those that an instance has not got", "그중 한 인스턴스에 없는 것")
LOOKS_MISSING = Text("looks at such a picture that were answered by 404", "404로 끝난 그림 보기")


def looking_at(found: Callable[[], list[str]]) -> Script:
    """The script of readers who look at any of the pictures that there are by now."""

    def script(visitor: Visitor) -> Callable[[], Awaitable[object]]:
        chance = random.Random(visitor.number)

        async def look() -> None:
            if there := found():
                await visitor.get(chance.choice(there), "picture")

        return look

    return script


def upload_and_look(its: Run[Stage]) -> None:
    """Some seconds of both."""
    stage = its.ground
    with its.load(authors(stage, Uploader, UPLOADS_PER_SECOND)):
        readers = Load(stage.site(APP, keeps=False), LOOKS_PER_SECOND, looking_at(lambda: pictures(its)))
        with its.load(readers):
            its.wait(SECONDS)


def pictures(its: Run[Stage]) -> list[str]:
    """The addresses of all pictures that were acknowledged so far."""
    return [deed.what for deed in its.deeds if deed.kind == "picture"]


def missing(its: Run[Stage]) -> list[str]:
    """Those of them that one instance at least does not have on its mount."""
    kept = [files(its.ground, instance) for instance in INSTANCES]
    return [each for each in pictures(its) if not all(each.rpartition("/")[2] in there for there in kept)]


def files(stage: Stage, instance: str) -> set[str]:
    """The names of all files that an instance sees where it keeps pictures."""
    return set(stage.control.execute(instance, "find", MEDIA, "-type", "f", "-printf", r"%f\n").split())


def looks(its: Run[Stage]) -> Answers:
    return its.answers.asked("picture")


def not_found(its: Run[Stage]) -> Answers:
    """The looks at pictures of which an instance said that there is no such thing."""
    return looks(its).where(lambda answer: answer.outcome == "404")


def unserved(its: Run[Stage]) -> int:
    """Requests that failed otherwise."""
    return len(its.answers.failed) - len(not_found(its))
