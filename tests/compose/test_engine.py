"""Docker's command line, by a program in its place."""

import os
from pathlib import Path

import pytest

from compose.engine import DockerFailed, Engine


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """Its docker tells its session, or fails when told so."""
    program = tmp_path / "docker"
    program.write_text('#!/bin/sh\n[ "$1" = session ] || { echo "no such command" >&2; exit 1; }\nps -o sid= -p $$\n')
    program.chmod(0o755)
    return Engine({**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"})


def test_a_ctrl_c_at_the_terminal_does_not_reach_it(engine: Engine) -> None:
    assert int(engine.run("session")) != os.getsid(0)


def test_what_it_says_when_it_fails_is_told(engine: Engine) -> None:
    with pytest.raises(DockerFailed, match="docker frobnicate: no such command"):
        engine.run("frobnicate")
