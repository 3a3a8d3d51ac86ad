"""Deployments under load, workers and their queue, and how an instance starts."""

from collections.abc import Sequence

from lab.running.experiment import Experiment


def course() -> Sequence[Experiment]:
    """Each failure before what answers it."""
    from lab.experiments.beanstalk import all_at_once, blue_green, immutable, queue_depth, rolling, starts

    return tuple(each.EXPERIMENT for each in (all_at_once, rolling, immutable, blue_green, queue_depth, starts))
