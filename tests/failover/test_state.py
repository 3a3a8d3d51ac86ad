from pathlib import Path

import pytest

from failover.settings import Settings, WrongSetting
from failover.state import Busy, NotAppointed, State, held

ONE, TWO = "mysql://me:a%40b%2Fc@one", "mariadb://me:secret@two:3307"


def test_what_was_saved_is_known_again(tmp_path: Path) -> None:
    path = tmp_path / "new" / "state.json"
    with pytest.raises(NotAppointed):
        State.load(path)
    for state in (State("one:3306"), State("two:3306", in_step=True, unusable=("one:3306",))):
        path.parent.mkdir(exist_ok=True)
        state.save(path)
        assert State.load(path) == state


def test_only_one_promoter_acts_on_a_state(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    with held(path), pytest.raises(Busy), held(path):
        pass
    with held(path):
        pass


def test_the_settings_name_the_servers() -> None:
    settings = Settings.from_environ({"FAILOVER_SERVERS": f"{ONE}, {TWO}", "FAILOVER_READERS": "mysql://me:x@three"})
    assert [server.name for server in settings.servers] == ["one:3306", "two:3307"]
    assert settings.servers[0].password == "a@b/c"
    assert [reader.name for reader in settings.readers] == ["three:3306"]


@pytest.mark.parametrize(
    ("servers", "readers", "named"),
    [
        ("", "", "FAILOVER_SERVERS"),
        (ONE, "", "FAILOVER_SERVERS"),
        (f"{ONE},{TWO},{TWO}", "", "FAILOVER_SERVERS"),
        (f"{ONE},{ONE}", "", "twice"),
        (f"{ONE},{TWO}", TWO, "twice"),
        (f"{ONE},redis://me:secret@two", "", "FAILOVER_SERVERS"),
        (f"{ONE},{TWO}", "mysql://three:secret", "FAILOVER_READERS"),
    ],
)
def test_wrong_servers_are_named_without_their_passwords(servers: str, readers: str, named: str) -> None:
    with pytest.raises(WrongSetting, match=named) as caught:
        Settings.from_environ({"FAILOVER_SERVERS": servers, "FAILOVER_READERS": readers})
    assert "secret" not in str(caught.value)


def test_the_first_writer_must_be_one_of_the_two() -> None:
    with pytest.raises(WrongSetting, match="none of"):
        Settings.from_environ({"FAILOVER_SERVERS": f"{ONE},{TWO}"}).check("three:3306")
