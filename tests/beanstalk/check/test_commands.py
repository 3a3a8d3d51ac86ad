"""The command as a person types it."""

import zipfile
from pathlib import Path

import pytest

from beanstalk.__main__ import main
from beanstalk.bundle import ROOT
from beanstalk.check.findings import rules
from tests.beanstalk.check.planting import SAVED

WRONG = "option_settings:\n  aws:autoscaling:asg:\n    MinSize: none\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, in which the command is run."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def packed(file: Path, **files: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(file, "w") as bundle:
        for name, text in files.items():
            bundle.writestr(name, text)
    return file


def test_an_error_is_printed_with_its_place_and_fails(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, **{".ebextensions/1.config": WRONG})
    assert main(["check"]) == 1
    output = capsys.readouterr()
    assert output.out.startswith(".ebextensions/1.config:3  value-kind  MinSize is 'none'; it takes a number")
    assert output.err == "1 checked: 1 errors, 0 warnings\n"


def test_a_warning_does_not_fail(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = WRONG.replace("asg", "launchconfiguration").replace("MinSize: none", "DisableIMDSv1: no")
    write(here, **{"1.config": text})
    assert main(["check", "1.config"]) == 0
    assert "1.config:3  metadata-v1  warning: " in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["nowhere.zip"], ["--tier", "both"], ["--env", "NAME"], ["--unknown"]])
def test_what_cannot_be_checked_is_told_apart(here: Path, arguments: list[str]) -> None:
    assert main(["check", *arguments]) == 2


def test_every_rule_is_listed_with_a_sentence_and_its_page(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--rules"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(" ")[0] for line in lines] == sorted(rules())
    assert all(". https://docs." in line for line in lines)


def test_bundles_are_checked_before_the_folder_that_they_were_made_of(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(here, **{".ebextensions/1.config": WRONG})
    packed(here / "dist" / "a-web.zip", **{"app.py": ""})
    assert main(["check"]) == 0


def test_of_this_projects_own_folder_bundles_have_to_be_made_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(ROOT)]) == 2
    assert "make bundle comes first" in capsys.readouterr().err


def test_a_saved_configuration_is_checked_with_its_bundle(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listener = "option_settings:\n  aws:elbv2:loadbalancer:\n    IdleTimeout: 60\n"
    packed(here / "dist" / "shop-web.zip", **{"app.py": "", ".ebextensions/1.config": listener})
    saved = here / ".elasticbeanstalk" / "saved_configs"
    write(saved, **{"shop-dev.cfg.yml": SAVED.replace("LoadBalanced", "SingleInstance"), "other-dev.cfg.yml": SAVED})
    assert main(["check"]) == 1
    output = capsys.readouterr()
    assert "dist/shop-web.zip/.ebextensions/1.config:3  balanced-only  " in output.out
    assert "2 checked" in output.err


def test_the_tier_may_be_told(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, **{".ebextensions/1.config": "option_settings:\n  aws:elasticbeanstalk:sqsd:\n    MaxRetries: 3\n"})
    assert main(["check", "--tier", "web", "."]) == 1
    assert "tier-option" in capsys.readouterr().out


def test_single_files_and_folders_keep_their_names(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, **{"x/.ebextensions/1.config": WRONG, "y/2.config": WRONG, "z/a.cfg.yml": SAVED + "X: 1\n"})
    assert main(["check", "x/.ebextensions", "y/2.config", "z/a.cfg.yml"]) == 1
    places = [line.partition("  ")[0] for line in capsys.readouterr().out.splitlines()]
    assert places == ["x/.ebextensions/1.config:3", "y/2.config:3", "z/a.cfg.yml:9"]


def test_what_ebignore_leaves_out_is_not_checked(here: Path) -> None:
    write(here, **{".ebextensions/1.config": "{}\n", "old/.ebextensions/1.config": "{}\n"})
    assert main(["check"]) == 1
    write(here, **{".ebignore": "/old\n"})
    assert main(["check"]) == 0


def test_no_zip_file_is_a_finding(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, **{"a.zip": "not a zip file"})
    assert main(["check", "a.zip"]) == 1
    assert capsys.readouterr().out.startswith("a.zip:1  bundle-broken  ")


def test_a_bundle_above_500_megabytes_is_found(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    small = packed(here / "small.zip", **{"app.py": ""}).read_bytes()
    with (here / "large.zip").open("wb") as large:
        # A hole takes no room on the disk, and a zip file may follow whatever comes before it.
        large.seek(501 << 20)
        large.write(small)
    assert main(["check", "large.zip"]) == 1
    assert capsys.readouterr().out.startswith("large.zip:1  bundle-size  the bundle has 501 MB")
