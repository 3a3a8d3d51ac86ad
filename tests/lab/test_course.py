"""The course as a whole: every stage is told in both languages and leads where it says."""

import re
from importlib import import_module

from lab.experiments import course
from lab.report.words import SITES
from lab.running.experiment import Experiment


def test_each_stage_is_named_as_its_file() -> None:
    for each in course():
        module = "lab.experiments." + each.name.replace("/", ".").replace("-", "_")
        assert import_module(module).EXPERIMENT is each


def test_what_cures_comes_after_what_fails() -> None:
    seen: dict[str, Experiment] = {}
    for each in course():
        for cured in each.cures:
            assert cured in seen, f"{each.name} cures {cured}, which does not come before it"
            assert seen[cured].fails, f"{each.name} cures {cured}, which does not fail"
        seen[each.name] = each


def test_each_site_has_a_title() -> None:
    assert {each.site for each in course()} <= set(SITES)


def test_each_stage_is_told_in_both_languages() -> None:
    for each in course():
        for text in (each.title, each.hypothesis):
            assert re.search("[가-힣]", text.ko), each.name
            assert not re.search("[가-힣]", text.en), each.name
