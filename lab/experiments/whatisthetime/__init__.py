"""A site without state: what one instance cannot, and what stands before several of them."""

from collections.abc import Sequence

from lab.running.experiment import Experiment


def course() -> Sequence[Experiment]:
    """Each failure before what answers it."""
    from lab.experiments.whatisthetime import (
        direct_access,
        no_health_check,
        one_instance,
        one_zone,
        plain_dns,
        replaced_by_hand,
        replaced_by_itself,
        shallow_health_check,
        two_zones,
    )

    stages = (
        one_instance,
        plain_dns,
        no_health_check,
        shallow_health_check,
        replaced_by_hand,
        replaced_by_itself,
        one_zone,
        two_zones,
        direct_access,
    )
    return tuple(stage.EXPERIMENT for stage in stages)
