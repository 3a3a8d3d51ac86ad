"""What is read of a bundle before anything is run."""

import json
import subprocess
import zipfile
from pathlib import Path

import pytest

from beanstalk.platform import extensions, get_config, proxy, servers, stand_ins, tree
from beanstalk.platform.failed import Failed
from beanstalk.platform.here import Home
from beanstalk.platform.places import Address, Places


def bundle(folder: Path, **files: str) -> Path:
    (folder / ".ebextensions").mkdir()
    for name, text in files.items():
        (folder / ".ebextensions" / f"{name}.config").write_text(text)
    return folder


def test_options_are_read_in_both_forms_and_a_later_file_wins(tmp_path: Path) -> None:
    listed = "option_settings:\n- {option_name: A, value: 1}\n- {namespace: n, option_name: b, value: true}"
    tabled = '{"option_settings": {"n": {"b": "no"}, "C": "direct"}}'
    found = extensions.options(extensions.read(bundle(tmp_path, one=listed, two=tabled)))
    assert found == {(extensions.PROPERTIES, "A"): "1", ("n", "b"): "no", (extensions.PROPERTIES, "C"): "direct"}


def test_the_leaders_commands_come_first_and_know_no_condition(tmp_path: Path) -> None:
    one = "container_commands:\n  b: {command: b}\n  a: {command: a, test: 'false'}"
    two = "container_commands:\n  c: {command: [c, d], leader_only: true, test: 'false', ignoreErrors: 'true'}"
    found = extensions.in_order(extensions.read(bundle(tmp_path, one=one, two=two)))
    assert [(command.command, command.test, command.ignore_errors) for command in found] == [
        (["c", "d"], None, True),
        ("a", "false", False),
        ("b", None, False),
    ]


@pytest.mark.parametrize("text", ["option_settings: [", "just words", "a: \udcff"])
def test_a_file_that_cannot_be_read_fails_the_deployment(tmp_path: Path, text: str) -> None:
    bundle(tmp_path)
    (tmp_path / ".ebextensions/a.config").write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(Failed, match=r"a\.config"):
        extensions.read(tmp_path)


def test_the_main_process_of_a_procfile_is_web_or_the_first(tmp_path: Path) -> None:
    assert servers.commands(tmp_path, {}) == {
        "web": "gunicorn --bind 127.0.0.1:8000 --workers=1 --threads=15 application"
    }
    (tmp_path / "Procfile").write_text("clock: tick\n\nweb: serve\n")
    assert list(servers.commands(tmp_path, {}).items()) == [("web", "serve"), ("clock", "tick")]
    (tmp_path / "Procfile").write_text("serve\n")
    with pytest.raises(Failed, match="no name"):
        servers.commands(tmp_path, {})


@pytest.mark.parametrize("name", ["../outside", "/absolute"])
def test_a_bundle_cannot_write_outside_of_itself(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(name, "")
    with pytest.raises(Failed, match="is outside"):
        tree.unpack(tmp_path / "a.zip", tmp_path / "there")


def test_what_is_no_zip_fails_the_deployment(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_text("nothing")
    with pytest.raises(Failed, match=r"a\.zip"):
        tree.unpack(tmp_path / "a.zip", tmp_path / "there")


def test_nginx_listens_on_one_loopback_port_whatever_the_bundle_says(tmp_path: Path) -> None:
    places = Places(tmp_path, tmp_path / "run", Address("127.0.0.1:8000"), Address("127.0.0.1:9000"), 9001)
    theirs = tmp_path / "bundle/.platform/nginx"
    theirs.mkdir(parents=True)
    text = "user nginx;\npid /run/nginx.pid;\nhttp {\n server {\n listen 80 default_server;\n listen [::]:80;\n } }\n"
    (theirs / "nginx.conf").write_text(text)
    proxy.compose(tmp_path / "bundle", places, {(proxy.STATIC_FILES, "/pictures"): "img"})
    proxy.render(places, tmp_path / "rendered", 7000)
    written = (tmp_path / "rendered/nginx.conf").read_text()
    assert "listen 127.0.0.1:7000 default_server;" in written
    assert not {"user", "pid", "[::]"} & set(written.split())
    static = (tmp_path / "rendered/conf.d/elasticbeanstalk/01_static.conf").read_text()
    assert f"location /pictures/ {{\n    alias {tmp_path}/var/app/current/img/;" in static


def test_get_config_answers_as_the_platforms_does(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    state = tmp_path / "answers.json"
    state.write_text(json.dumps({"environment": {"A": "1"}, "optionsettings": {"n": {"o": "two"}}}))
    for words, answer in (
        ("environment -k A", "1"),
        ("environment", '{"A": "1"}'),
        ("environment --output YAML", 'A: "1"'),
        ("optionsettings -n n -o o", "two"),
    ):
        assert get_config.main([str(state), *words.split()]) == 0
        assert capsys.readouterr().out == f"{answer}\n"
    assert get_config.main([str(state), "environment", "-k", "B"]) == 1


def test_stand_ins_note_their_calls_and_do_the_nearest_harmless_thing(tmp_path: Path) -> None:
    home = Home(tmp_path, tmp_path / "shared", tmp_path)
    stand_ins.write(home.stand_ins, home.calls, home.mounts)
    script = """
    mkdir media && ! mountpoint -q media && mount -t efs fs-1:/ media && mountpoint -q media && echo a >media/file
    umount media && ! mountpoint -q media && mount media && cat media/file
    install -d -o webapp --group=web -m 0700 made && stat -c %a made
    runuser -u webapp -- echo as webapp; su webapp -c 'echo as well'; sudo -u webapp echo too
    ! command -v mount.efs && dnf install amazon-efs-utils && command -v mount.efs >/dev/null && echo brought
    """
    environ = {"PATH": f"{home.stand_ins}:/usr/bin:/bin"}
    done = subprocess.run(["sh", "-ec", script], cwd=tmp_path, env=environ, capture_output=True, text=True)
    assert done.stderr == ""
    assert done.stdout.splitlines() == ["a", "700", "as webapp", "as well", "too", "brought"]
    calls = home.calls.read_text().splitlines()
    assert calls[:3] == ["mountpoint -q media", "mount -t efs fs-1:/ media", "mountpoint -q media"]
    assert calls[-1] == "dnf install amazon-efs-utils"
