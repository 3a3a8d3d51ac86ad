from pathlib import Path

import pytest

from beanstalk import var
from beanstalk.refusals import Refused


def test_the_key_is_made_once_and_is_nobody_elses(tmp_path: Path) -> None:
    key = var.secret_key(tmp_path)
    assert len(key) >= 32
    assert var.secret_key(tmp_path) == key
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600


def test_two_machines_have_two_keys(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert var.secret_key(tmp_path / "a") != var.secret_key(tmp_path / "b")


def test_the_folder_is_held_by_one_alone(tmp_path: Path) -> None:
    with var.locked(tmp_path / "var"):
        for attempt in (var.reset, lambda folder: var.locked(folder).__enter__()):
            with pytest.raises(Refused, match="the sites run already"):
                attempt(tmp_path / "var")
    with var.locked(tmp_path / "var"):
        pass


def test_reset_leaves_nothing_but_follows_no_link(tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "var", tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept").touch()
    (folder / "myclothes" / "media").mkdir(parents=True)
    (folder / "myclothes" / "media" / "picture").touch()
    (folder / "linked").symlink_to(elsewhere)
    var.secret_key(folder)

    var.reset(folder)
    assert [path.name for path in folder.iterdir()] == [var.LOCK]
    assert (elsewhere / "kept").exists()


def test_reset_has_nothing_to_do_where_nothing_is(tmp_path: Path) -> None:
    var.reset(tmp_path / "var")
    assert not (tmp_path / "var").exists()


def test_the_folder_is_beside_the_code_unless_told_otherwise(tmp_path: Path) -> None:
    assert var.folder({}, tmp_path) == tmp_path / "var"
    assert var.folder({"VAR_DIR": "elsewhere"}, tmp_path) == tmp_path / "elsewhere"
    assert var.folder({"VAR_DIR": "/srv/data"}, tmp_path) == Path("/srv/data")
