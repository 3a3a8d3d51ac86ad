"""What can be checked about the structure is checked by a machine."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parent.parent
APPS = ROOT / "apps"
NOUNS = {
    "myclothes": ("letters", "accounts", "catalog", "cart", "orders", "payments", "admin"),
    "mywordpress": (
        "options",
        "letters",
        "accounts",
        "media",
        "terms",
        "posts",
        "comments",
        "menus",
        "front",
        "feeds",
        "wxr",
        "api",
        "rpc",
    ),
}


def sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def offenders(paths: Iterator[Path], forbidden: tuple[str, ...]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in paths
        for name in imports(path)
        if any(name == word or name.startswith(f"{word}.") for word in forbidden)
    ]


def test_the_chassis_imports_no_app() -> None:
    assert offenders(sources("apps/chassis"), tuple(f"apps.{app}" for app in ("whatisthetime", *NOUNS))) == []


@pytest.mark.parametrize("app", ["whatisthetime", "myclothes", "mywordpress"])
def test_no_app_imports_another(app: str) -> None:
    others = tuple(f"apps.{other}" for other in ("whatisthetime", *NOUNS) if other != app)
    assert offenders(sources(f"apps/{app}"), others) == []


@pytest.mark.parametrize("app", NOUNS)
def test_nouns_import_one_way(app: str) -> None:
    nouns = NOUNS[app]
    for index, noun in enumerate(nouns):
        later = tuple(f"apps.{app}.{other}" for other in nouns[index + 1 :])
        # Views and jobs are the edge, where nouns meet; what must not turn around is the model.
        models = (path for path in sources(f"apps/{app}/{noun}") if path.name not in ("views.py", "jobs.py"))
        assert offenders(models, later) == []


def test_models_know_no_flask() -> None:
    models = (path for path in sources("apps") if path.name.startswith("model") or path.parent.name == "models")
    assert offenders(models, ("flask", "werkzeug", "apps.chassis.context")) == []


def test_the_environment_is_read_in_one_place() -> None:
    readers = [
        str(path.relative_to(ROOT))
        for path in sources("apps")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv") and is_os(node)
    ]
    # A command merges its own app's name into the environment before the settings read it.
    assert set(readers) == {"apps/chassis/settings.py", "apps/chassis/commands.py"}


def is_os(node: ast.Attribute) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id == "os"


def test_no_module_is_named_after_the_standard_library() -> None:
    names = [
        path
        for path in sources("apps", "beanstalk", "compose", "failover", "tools", "lab")
        if path.stem in sys.stdlib_module_names
    ]
    assert names == []


def test_files_and_functions_stay_short() -> None:
    long_files = [
        str(path.relative_to(ROOT))
        for path in sources("apps", "beanstalk", "compose", "failover", "tools", "lab", "tests")
        if len(path.read_text("utf-8").splitlines()) > 300
    ]
    assert long_files == []


def test_templates_hold_no_inline_script_or_style() -> None:
    found = [
        str(path.relative_to(ROOT))
        for path in APPS.rglob("*.html")
        for word in ("<style", " style=", "<script>", " onclick=", " onload=", "javascript:")
        if word in path.read_text("utf-8")
    ]
    assert found == []


def test_no_page_depends_on_a_foreign_host() -> None:
    fetching = ('src="http', "src='http", "url(http", "@import")
    files = [path for kind in ("*.html", "*.css", "*.js") for path in APPS.rglob(kind)]
    assert [str(path) for path in files for word in fetching if word in path.read_text("utf-8")] == []
