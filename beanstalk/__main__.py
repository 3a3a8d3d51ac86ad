"""`python -m beanstalk local` runs the three sites on this machine, `python -m beanstalk reset` empties their data.

`python -m beanstalk bundle` makes what is deployed to AWS, `python -m beanstalk run` runs that here as the platform
would, `deploy` and `setenv` change what runs. `python -m beanstalk check` finds what would fail there,
`python -m beanstalk stacks` makes what outlives environments, and `python -m beanstalk stage` writes down what one is.
"""

import os
import sys


def main(argv: list[str]) -> int:
    """Run one verb; answers its exit code."""
    match argv:
        case ["local"]:
            from beanstalk import local

            return local.run(os.environ)
        case ["reset"]:
            from beanstalk import local

            return local.reset(os.environ)
        case ["bundle", *arguments]:
            from beanstalk import bundle

            return bundle.bundle(arguments)
        case ["check", *arguments]:
            from beanstalk.check import commands

            return commands.main(arguments)
        case [("run" | "deploy" | "setenv") as verb, *arguments]:
            from beanstalk.platform import command

            return command.main(verb, arguments, os.environ)
        case ["stacks", *arguments]:
            from beanstalk import formation

            return formation.stacks(arguments)
        case ["stage", *arguments]:
            from beanstalk import formation

            return formation.stage(arguments)
        case _:
            print(
                "usage: python -m beanstalk local | reset | bundle | check | run | deploy | setenv | stacks | stage",
                file=sys.stderr,
            )
            return 2


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # Whoever read us, such as `head`, has seen enough; what is still unwritten must not complain at the exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
