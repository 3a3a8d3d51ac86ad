"""A site with sessions and a database: where carts live, and what a lost server takes along."""

from collections.abc import Sequence

from lab.running.experiment import Experiment


def course() -> Sequence[Experiment]:
    """Each failure before what answers it."""
    from lab.experiments.myclothes import (
        cart_cookie,
        cart_dynamodb,
        cart_redis,
        cart_redis_primary,
        cart_round_robin,
        cart_sticky,
        cart_sticky_dies,
        deep_health_check,
        hot_product,
        job_twice,
        own_write_seen,
        own_write_unseen,
        reads_with_cache,
        reads_with_reader,
        reads_writer_alone,
        shallow_health_check,
        stampede,
        stampede_held,
        writer_lost,
        writer_lost_asynchronous,
    )

    stages = (
        deep_health_check,
        shallow_health_check,
        cart_round_robin,
        cart_sticky,
        cart_sticky_dies,
        cart_cookie,
        cart_redis,
        cart_redis_primary,
        cart_dynamodb,
        reads_writer_alone,
        reads_with_reader,
        reads_with_cache,
        own_write_unseen,
        own_write_seen,
        stampede,
        stampede_held,
        writer_lost_asynchronous,
        writer_lost,
        hot_product,
        job_twice,
    )
    return tuple(stage.EXPERIMENT for stage in stages)
