"""`python -m compose up` and its like: the whole architecture on this machine."""

import os
import sys
from collections.abc import Callable, Sequence

from compose import memory
from compose.control import Control, DockerFailed
from compose.switches import Switches, WrongSwitch
from compose.topology import topology

USAGE = """\
usage: python -m compose VERB

  up             build and start everything, and tell what runs where
  status         what each service does now
  roll           replace all web instances, one after the other
  kill zone a    end everything in a zone at once (a, b or c)
  kill SERVICE   end one container at once; the keeper brings it back
  heal           start again whatever is down
  stop           stop everything and keep the data
  down           take everything down, data included
  render         write compose.yaml and print it

Switches are variables, such as INSTANCES=3 STICKY=1 STORAGE=ebs; docs/compose.md lists them."""


def main(argv: Sequence[str]) -> int:
    """Run the verb; answers its exit code."""
    verbs: dict[str, Callable[..., None]] = {
        "up": up, "status": status, "roll": roll, "heal": heal, "stop": stop, "down": down, "render": render
    }  # fmt: skip
    try:
        match argv:
            case [verb] if verb in verbs:
                verbs[verb](_control(verb))
            case ["kill", "zone", ("a" | "b" | "c") as zone]:
                _control("kill").kill_zone(zone)
            case ["kill", service] if service in (control := _control("kill")).plan.services:
                control.kill(service)
            case _:
                print(USAGE, file=sys.stderr)
                return 2
    except (WrongSwitch, DockerFailed, TimeoutError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _control(verb: str) -> Control:
    # What is asked of a running architecture is meant for the one that was started last.
    environ = os.environ if verb in ("up", "render") else {**memory.last(), **os.environ}
    return Control(topology(Switches.from_environ(environ)))


def up(control: Control) -> None:
    """Build, start, wait, and tell."""
    from compose import console

    memory.remember(control.plan.switches)
    print("Building the images; the first time takes some minutes.", flush=True)
    control.build()
    print("Starting:", flush=True)
    control.up(watching=console.Progress())
    print(console.places(control.plan), "", console.addresses(control.plan), sep="\n")
    print("\nStop with `python -m compose stop`, take everything down with `python -m compose down`.")


def status(control: Control) -> None:
    """Print what each service does now."""
    from compose import console, leaders

    try:
        targets = control.balancer.targets()
    except OSError:
        targets = {}
    known = {leaders.writer(control): "the writer", leaders.primary(control): "the primary"}
    print(console.status(control.plan, control.containers(), targets, known))


def roll(control: Control) -> None:
    """Replace all web instances."""
    from compose.rolling import roll as roll_all

    control.build()
    roll_all(control, lambda text: print(text, flush=True))


def heal(control: Control) -> None:
    """Start again whatever is down, and say what that was."""
    healed = control.heal()
    print(f"healed: {' '.join(healed)}" if healed else "nothing was down")


def stop(control: Control) -> None:
    """Stop everything and keep the data."""
    control.stop()


def down(control: Control) -> None:
    """Take everything down, and say so."""
    control.down()
    left = control.leftovers()
    print(f"left behind: {' '.join(left)}" if left else "nothing is left of it but its images")


def render(control: Control) -> None:
    """Write the two files, and print the first."""
    control.files.write(control.plan)
    print(control.files.compose.read_text(), end="")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
