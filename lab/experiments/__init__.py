"""The course: all experiments in its order."""

from collections.abc import Sequence

from lab.experiments import beanstalk, myclothes, mywordpress, whatisthetime
from lab.running.experiment import Experiment


def course() -> Sequence[Experiment]:
    """Every stage, each failure before what answers it."""
    return (*whatisthetime.course(), *myclothes.course(), *mywordpress.course(), *beanstalk.course())
