"""The folders in which `eb` is run, one for each bundle."""

from pathlib import Path

import pytest
import yaml

from beanstalk.commands import ROOT
from tests.support import bundles

FOLDERS = ROOT / "eb"


def test_each_bundle_has_a_folder_and_nothing_else_has() -> None:
    assert {path.name for path in FOLDERS.iterdir()} == {f"{app}-{tier}" for app, tier in bundles.EVERY}


@pytest.mark.parametrize(("app", "tier"), bundles.EVERY)
def test_a_folder_names_its_application_and_its_bundle(app: str, tier: str) -> None:
    folder = FOLDERS / f"{app}-{tier}"
    told = yaml.safe_load((folder / ".elasticbeanstalk" / "config.global.yml").read_text())
    assert told["global"]["application_name"] == app
    assert leads_to(folder / told["deploy"]["artifact"]) == ROOT / "dist" / f"{app}-{tier}.zip"
    assert leads_to(folder / ".elasticbeanstalk" / "saved_configs") == ROOT / ".elasticbeanstalk" / "saved_configs"


@pytest.mark.parametrize(("app", "tier"), bundles.EVERY)
def test_a_folder_does_not_seem_empty_to_eb(app: str, tier: str) -> None:
    # Which deploys Amazon's sample application in place of an empty folder.
    seen = [path.name for path in (FOLDERS / f"{app}-{tier}").iterdir() if not path.name.startswith(".")]
    assert seen == ["bundle.zip"]


def leads_to(link: Path) -> Path:
    return Path(link.parent.resolve() / link.readlink()).resolve()
