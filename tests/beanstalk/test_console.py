import io

import pytest

from beanstalk.console import LONGEST_LINE, Console, is_coloured


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_colour_is_for_people() -> None:
    assert is_coloured({}, Terminal())
    assert not is_coloured({}, io.StringIO())
    assert not is_coloured({"NO_COLOR": "1"}, Terminal())
    assert not is_coloured({"TERM": "dumb"}, Terminal())
    assert is_coloured({"FORCE_COLOR": "1"}, io.StringIO())
    assert not is_coloured({"FORCE_COLOR": "1", "NO_COLOR": "1"}, io.StringIO())


def test_lines_stand_under_their_process_name(capsys: pytest.CaptureFixture[str]) -> None:
    console = Console(colour=False)
    short, long = console.voice("a"), console.voice("a worker")
    short.hear(b"one\ntw")
    long.hear(b"three\n")
    short.hear(b"o\n")
    assert capsys.readouterr().out == "a        | one\na worker | three\na        | two\n"


def test_each_process_has_a_colour_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    console = Console(colour=True)
    for voice in [console.voice(f"part {number}") for number in range(7)]:
        voice.hear(b"x\n")
    colours = {line.partition("m")[0] for line in capsys.readouterr().out.splitlines()}
    assert len(colours) == 7


def test_the_last_words_are_heard_without_a_line_end(capsys: pytest.CaptureFixture[str]) -> None:
    voice = Console(colour=False).voice("a")
    voice.hear(b"cannot go on")
    voice.hear(b"")
    assert capsys.readouterr().out == "a | cannot go on\n"
    assert voice.last_line == "cannot go on"


def test_what_a_visitor_sent_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    Console(colour=False).voice("a").hear(b"GET /\x1b[2J\x9b\r \xff\tend\n")
    assert capsys.readouterr().out == "a | GET /�[2J�� �\tend\n"


def test_a_line_without_end_is_shown_in_pieces(capsys: pytest.CaptureFixture[str]) -> None:
    voice = Console(colour=False).voice("a")
    for _ in range(3):
        voice.hear(b"x" * LONGEST_LINE)
    assert capsys.readouterr().out.count("x") >= LONGEST_LINE
