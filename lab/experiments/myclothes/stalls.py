"""The writer of the database stalls: it holds its connections and answers nothing, and nobody promotes another."""

from lab.experiments.myclothes.buyers import lookers
from lab.load.answers import Answers
from lab.running.architecture import Stage
from lab.running.databases import writer
from lab.running.run import Run
from lab.texts import Text

# An instance believes in its database until a question to it has timed out, which takes ten seconds.
FAULT_SECONDS, NOTICED_SECONDS = 26.0, 14.0
STALLS = Text("the writer of the database stalls", "데이터베이스의 쓰기 서버가 멈춰 선다")


def while_the_writer_stalls(its: Run[Stage]) -> Answers:
    """The pages that people asked for from when a health check can have noticed."""
    stage = its.ground
    with its.load(lookers(stage)):
        its.steady()
        with its.fault(STALLS, stage.hanging(writer(stage), "promoter")):
            its.wait(FAULT_SECONDS)
        its.wait(6)
    (fault,) = its.marks
    return its.answers.between(fault.since + NOTICED_SECONDS, fault.since + FAULT_SECONDS)
