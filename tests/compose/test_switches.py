"""What a person may switch, and how a mistake is told."""

import pytest

from compose.switches import Switches, WrongSwitch


def test_nothing_given_is_the_architecture_as_one_would_run_it() -> None:
    assert Switches.from_environ({"PATH": "/bin", "INSTANCES": ""}) == Switches()


def test_switches_are_read_from_variables_of_their_names() -> None:
    environ = {"INSTANCES": "3", "STICKY": "1", "REPLICAS": "0", "SESSIONS": "memory", "STORAGE": "ebs"}
    assert Switches.from_environ(environ) == Switches(
        instances=3, sticky=True, replicas=False, sessions="memory", storage="ebs"
    )
    assert Switches.from_environ(environ).changed() == environ


@pytest.mark.parametrize(
    ("name", "value", "takes"),
    [
        ("INSTANCES", "0", "a whole number from 1 to 9"),
        ("INSTANCES", "two", "a whole number from 1 to 9"),
        ("STICKY", "yes", "1 or 0"),
        ("SESSIONS", "sqlite", "redis or memory or cookie or dynamodb"),
        ("STORAGE", "nfs", "efs or ebs"),
        ("SUBNET", "10.210.0", "the first two numbers of private addresses, such as 10.210"),
        ("PORT", "70000", "a whole number from 1 to 65535"),
        ("PROJECT", "My-Own", "lower-case letters and digits"),
    ],
)
def test_a_wrong_value_is_refused_in_one_line_that_names_the_variable(name: str, value: str, takes: str) -> None:
    with pytest.raises(WrongSwitch) as refused:
        Switches.from_environ({name: value})
    assert str(refused.value) == f"{name}: got {value!r}, takes {takes}"
