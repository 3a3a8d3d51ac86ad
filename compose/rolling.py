"""A rolling replacement: every web instance by a new one, one after the other, and no visitor notices."""

from collections.abc import Callable

from compose.control import Control, until

START_SECONDS = 60.0


def roll(control: Control, say: Callable[[str], None] = lambda text: None) -> None:
    """Replace all web instances; raises TimeoutError where one does not get healthy, and leaves it drained."""
    for web in control.plan.of(role="web"):
        control.balancer.drain(web.name)
        control.recreate(web.name)
        until(lambda name=web.name: _answers(control, name), START_SECONDS, f"{web.name} is not healthy")  # type: ignore[misc]
        control.balancer.ready(web.name)
        say(f"{web.name} is replaced")


def _answers(control: Control, name: str) -> bool:
    # By Docker's word too: what the balancer saw last may still be of the former instance.
    container = control.containers()[name]
    target = control.balancer.targets()[name]
    return container.health == "healthy" and target.check in ("", "L7OK")
