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
    )

    stages = (
        cart_round_robin,
        cart_sticky,
        cart_sticky_dies,
        cart_cookie,
        cart_redis,
        cart_redis_primary,
        cart_dynamodb,
    )
    return tuple(stage.EXPERIMENT for stage in stages)
