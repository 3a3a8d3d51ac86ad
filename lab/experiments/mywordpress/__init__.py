"""A site with files: where pictures live, how fresh kept pages are, and who publishes what is scheduled."""

from collections.abc import Sequence

from lab.running.experiment import Experiment


def course() -> Sequence[Experiment]:
    """Each failure before what answers it."""
    from lab.experiments.mywordpress import (
        fresh_pages,
        mount_lost,
        own_disks,
        scheduled_one_worker,
        scheduled_three_workers,
        shared_mount,
    )

    stages = (own_disks, shared_mount, mount_lost, fresh_pages, scheduled_one_worker, scheduled_three_workers)
    return tuple(stage.EXPERIMENT for stage in stages)
