"""Whatever is checked, the checker answers with findings."""

import io
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import example, given, settings
from hypothesis import strategies as some

from beanstalk.check import commands
from beanstalk.check.findings import rules
from beanstalk.check.settings import SECRETS, VARIABLES
from tests.beanstalk.check.mistakes import MISTAKES
from tests.beanstalk.check.planting import Files, findings

NAMES = sorted({name for mistake in MISTAKES for name in mistake.files} | {"env.yaml", ".elasticbeanstalk/config.yml"})
WORDS = ["option_settings", "Resources", "container_commands", "files", "cron", "url", "schedule", "command", "Ref"]
WORDS += ["Fn::GetAtt", VARIABLES, SECRETS, "aws:autoscaling:asg", "MinSize", "value", "<<", "EnvironmentTier", "Name"]
TREES = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.sampled_from(WORDS) | some.text(max_size=8),
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(some.sampled_from(WORDS), inner, max_size=4),
    max_leaves=12,
)
YAML = TREES.map(lambda tree: repr(tree).replace("None", "null"))
SCRAPS = some.lists(
    some.sampled_from([*WORDS, "\n", "  ", ": ", "- ", "&a ", "*a", "!Ref ", "{", "}", '"', "`", "\t", "\r"])
)
TEXTS = YAML | SCRAPS.map("".join) | some.text(max_size=40)
CONTENTS = some.binary(max_size=40) | TEXTS.map(lambda text: text.encode("utf-8", "surrogatepass"))
MUTATED = some.sampled_from([mistake.files for mistake in MISTAKES if mistake.files])


@settings(max_examples=120)
@given(files=some.dictionaries(some.sampled_from(NAMES), CONTENTS, max_size=5), saved=some.none() | TEXTS)
@example(files={".ebextensions/1.config": b"&a [*a, &b {x: *b, Resources: *a}]"}, saved=None)
@example(files={".ebextensions/1.config": b"Resources: &a {A: {Properties: *a}}"}, saved="&a {OptionSettings: *a}")
@example(files={".ebextensions/1.config": b"[" * 5000}, saved="{" * 5000)
@example(
    files={"Procfile": b"web: gunicorn 'x\n", "cron.yaml": b"cron: [{schedule: '*/0 1-1-1 \xd9\xa3 * *'}]"}, saved=None
)
@example(files={".ebextensions/1.config": b"x: 2001-99-99\ny: 0x\nz: !!binary a\n"}, saved=None)
def test_no_file_makes_the_checker_raise(files: Files, saved: str | None) -> None:
    told = saved.encode("utf-8", "replace").decode() if saved is not None else None
    for bundle in (True, False):
        assert all(one.rule in rules() and one.line >= 1 for one in findings(files, saved=told, bundle=bundle))


@settings(max_examples=60)
@given(data=MUTATED, at=some.integers(0, 400), byte=some.binary(max_size=2))
def test_no_change_of_a_mistake_makes_the_checker_raise(data: Files, at: int, byte: bytes) -> None:
    changed = {
        name: content.encode()[:at] + byte + content.encode()[at + 1 :]
        for name, content in data.items()
        if isinstance(content, str)
    }
    assert isinstance(findings(changed), list)


@settings(max_examples=40)
@given(at=some.integers(0, 400), byte=some.binary(min_size=1, max_size=4), cut=some.booleans())
def test_no_broken_bundle_makes_the_checker_raise(at: int, byte: bytes, cut: bool) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("Procfile", "web: gunicorn shop.wsgi\n" * 9)
        bundle.writestr(".ebextensions/1.config", "option_settings: {}\n")
    data = packed.getvalue()
    data = data[:at] if cut else data[:at] + byte + data[at + len(byte) :]
    with TemporaryDirectory() as folder:
        file = Path(folder, "b.zip")
        file.write_bytes(data)
        assert commands.main([str(file)]) in (0, 1)
