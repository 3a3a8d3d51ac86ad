"""What the platform's get-config answers to hooks: `get-config KIND [-k KEY] [-n NAMESPACE -o OPTION]`.

Run as a program of its own, with the file that holds the answers as its first argument.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any


def main(argv: list[str]) -> int:
    """Print the answer; 1 if there is none."""
    state = json.loads(Path(argv[0]).read_text())
    taken = argparse.ArgumentParser(prog="get-config")
    taken.add_argument("kind", choices=sorted(state))
    taken.add_argument("-k", "--key")
    taken.add_argument("-n", "--namespace")
    taken.add_argument("-o", "--option-name")
    taken.add_argument("--output", choices=["JSON", "YAML"], default="JSON")
    asked = taken.parse_args(argv[1:])
    answer = found(state[asked.kind], [word for word in (asked.key, asked.namespace, asked.option_name) if word])
    if answer is None:
        print("no such key", file=sys.stderr)
        return 1
    print(written(answer, asked.output))
    return 0


def found(answers: Any, path: list[str]) -> Any:
    """The answer at the end of a path of keys, None if there is none."""
    for key in path:
        answers = answers.get(key) if isinstance(answers, dict) else None
    return answers


def written(answer: Any, form: str) -> str:
    """A text as it is, a table in the form that is asked for."""
    if isinstance(answer, str):
        return answer
    if form == "YAML":
        return "\n".join(f"{key}: {json.dumps(value)}" for key, value in answer.items())
    return json.dumps(answer)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
