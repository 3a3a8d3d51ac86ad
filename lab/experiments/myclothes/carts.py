"""What all experiments with carts count, and the death that most of them survive."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from lab.experiments.myclothes.shop import FIRST
from lab.experiments.myclothes.shoppers import LOST, shoppers
from lab.load.answers import Answer, Answers
from lab.running.architecture import Stage
from lab.running.run import Run
from lab.texts import Text

FILLED_SECONDS, FAULT_SECONDS, AFTER_SECONDS = 6.0, 10.0, 6.0
INSTANCE_DIES = Text("an instance dies", "인스턴스 하나가 죽는다")
LOOKS_LOST = Text("looks at a cart that found it empty", "비어 있던 장바구니 보기")
SHOPPERS_LOST = Text("shoppers who ever found their cart empty", "장바구니를 잃은 적 있는 손님")


def is_lost(answer: Answer) -> bool:
    return answer.outcome == LOST


def looks(its: Run[Stage]) -> Answers:
    """All looks at carts that were answered."""
    return its.answers.asked("cart").where(lambda answer: answer.fine or is_lost(answer))


def lost(its: Run[Stage]) -> Answers:
    """Those that found it empty."""
    return looks(its).where(is_lost)


def losers(its: Run[Stage]) -> int:
    """How many shoppers that happened to."""
    return len({answer.visitor for answer in lost(its)})


def while_an_instance_dies(its: Run[Stage], pieces: int = 1) -> None:
    """Carts are filled, then one of the instances dies, and they are looked at until long after."""
    break_while_shopping(its, INSTANCE_DIES, lambda: its.ground.killed(FIRST), pieces)


def break_while_shopping(
    its: Run[Stage], what: Text, breaking: Callable[[], AbstractContextManager[None]], pieces: int = 1
) -> None:
    """Carts are filled, then something breaks, and they are looked at until long after."""
    with its.load(shoppers(its.ground, pieces)):
        its.steady(FILLED_SECONDS)
        with its.fault(what, breaking()):
            its.wait(FAULT_SECONDS)
        its.wait(AFTER_SECONDS)


def claim_nothing_lost(its: Run[Stage]) -> None:
    """Hold that carts were looked at, and none was ever found empty."""
    its.claim(Text("looks at carts", "장바구니 보기"), len(looks(its)), at_least=100)
    its.claim(SHOPPERS_LOST, losers(its), at_most=0)


def told_kept(its: Run[Stage]) -> Text:
    """The verdict where all carts are kept."""
    return Text(
        f"{len(looks(its))} looks at carts found {losers(its)} of them empty; {unserved(its)} requests failed "
        "otherwise.",
        f"장바구니를 {len(looks(its))}번 보았고 빈 것은 {losers(its)}개였습니다. 그 밖에 실패한 요청은 "
        f"{unserved(its)}개입니다.",
    )


def unserved(its: Run[Stage]) -> int:
    """Requests that got no answer or an error."""
    return len(its.answers.failed.where(lambda answer: not is_lost(answer)))
