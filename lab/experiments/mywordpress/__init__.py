"""A site with files: where pictures live, how fresh kept pages are, and who publishes what is scheduled."""

from collections.abc import Sequence

from lab.running.experiment import Experiment


def course() -> Sequence[Experiment]:
    """Each failure before what answers it."""
    from lab.experiments.mywordpress import fresh_pages, own_disks, shared_mount

    stages = (own_disks, shared_mount, fresh_pages)
    return tuple(stage.EXPERIMENT for stage in stages)
