"""What the bundles' options say: to each tier its own, and times that fit together."""

import importlib
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from apps.chassis.jobs import Jobs
from apps.chassis.settings import Settings
from apps.chassis.worker import CADENCE_SECONDS
from beanstalk.bundle import APPS
from tests.services.instance import STAGE, VARIABLES, options
from tests.support.bundles import EVERY

BUNDLES = [f"{app}-{tier}" for app, tier in EVERY]
WEB_ONLY = re.compile(r"aws:elb|aws:elbv2|aws:elasticbeanstalk:environment(:process.*)?$")
DAEMON = "aws:elasticbeanstalk:sqsd"


def seconds(text: str, name: str) -> float:
    found = re.search(rf"^\s*{name} +(\d+)s;", text, re.M)
    assert found, name
    return float(found[1])


def slowest(app: str) -> float:
    """The longest that a message of the app may take: the patience for another's claim, and then the job."""
    jobs: Jobs = importlib.import_module(f"apps.{app}").SITE.jobs()
    return max([CADENCE_SECONDS, *(1.25 * job.deadline_seconds for job in jobs.by_name.values())])


@pytest.mark.parametrize("name", BUNDLES)
def test_the_variables_are_settings_of_the_right_app_and_tier(unpacked: Mapping[str, Path], name: str) -> None:
    app, _, tier = name.partition("-")
    settings = Settings.from_environ(options(unpacked[name])[VARIABLES] | STAGE)
    assert (settings.app, settings.worker) == (app, tier == "worker")
    assert (settings.workers, settings.threads) == (2, 8 if tier == "web" else 4)
    configuration = (unpacked[name] / ".platform" / "nginx" / "nginx.conf").read_text()
    assert f"server     {settings.bind};" in configuration


@pytest.mark.parametrize("name", BUNDLES)
def test_no_tier_has_what_only_another_or_one_kind_of_environment_can_take(
    unpacked: Mapping[str, Path], name: str
) -> None:
    namespaces = options(unpacked[name])
    assert [namespace for namespace in namespaces if WEB_ONLY.match(namespace)] == []
    assert (DAEMON in namespaces) is name.endswith("worker")


@pytest.mark.parametrize("name", BUNDLES)
def test_every_value_is_text_and_no_file_has_an_unknown_key(unpacked: Mapping[str, Path], name: str) -> None:
    for file in (unpacked[name] / ".ebextensions").iterdir():
        loaded = yaml.safe_load(file.read_text())
        assert loaded.keys() <= {"option_settings", "container_commands", "Resources"}
        for settings in loaded.get("option_settings", {}).values():
            assert all(isinstance(value, str) for value in settings.values()), file.name


@pytest.mark.parametrize("app", APPS)
def test_a_workers_times_are_in_the_only_order_that_works(unpacked: Mapping[str, Path], app: str) -> None:
    daemon = options(unpacked[f"{app}-worker"])[DAEMON]
    application = unpacked[f"{app}-worker"] / ".platform/nginx/conf.d/elasticbeanstalk/00_application.conf"
    inactivity, visibility = float(daemon["InactivityTimeout"]), float(daemon["VisibilityTimeout"])
    assert slowest(app) < inactivity < seconds(application.read_text(), "proxy_read_timeout") < visibility
    assert int(daemon["ErrorVisibilityTimeout"]) >= 60
    server = (unpacked[f"{app}-worker"] / "apps/chassis/server.py").read_text()
    graceful = re.search(r"^graceful_timeout = (\d+) if settings.worker", server, re.M)
    assert graceful
    # A worker that is asked to end finishes what it does, as long as somebody waits for it.
    assert slowest(app) < int(graceful[1]) < inactivity


@pytest.mark.parametrize("app", APPS)
def test_the_daemon_leaves_a_thread_for_the_health_check(unpacked: Mapping[str, Path], app: str) -> None:
    found = options(unpacked[f"{app}-worker"])
    threads = int(found[VARIABLES]["WEB_CONCURRENCY"]) * int(found[VARIABLES]["THREADS"])
    assert int(found[DAEMON]["HttpConnections"]) < threads


@pytest.mark.parametrize("name", BUNDLES)
def test_the_leader_migrates_as_the_apps_own_user(unpacked: Mapping[str, Path], name: str) -> None:
    app = name.partition("-")[0]
    files = [yaml.safe_load(file.read_text()) for file in (unpacked[name] / ".ebextensions").iterdir()]
    commands = [command for file in files for command in file.get("container_commands", {}).values()]
    wanted = {"command": f"runuser -u webapp -- /var/app/venv/*/bin/python -m apps.{app} migrate", "leader_only": True}
    assert commands == ([] if app == "whatisthetime" else [wanted])


@pytest.mark.parametrize("name", BUNDLES)
def test_instances_ask_for_their_identity_safely_and_their_logs_outlive_them(
    unpacked: Mapping[str, Path], name: str
) -> None:
    found = options(unpacked[name])
    assert found["aws:autoscaling:launchconfiguration"] == {"DisableIMDSv1": "true"}
    logs = found["aws:elasticbeanstalk:cloudwatch:logs"]
    assert (logs["StreamLogs"], logs["DeleteOnTerminate"]) == ("true", "false")


def test_gunicorn_keeps_connections_longer_than_nginx_does(unpacked: Mapping[str, Path]) -> None:
    configuration = (unpacked["myclothes-web"] / ".platform" / "nginx" / "nginx.conf").read_text()
    server = (unpacked["myclothes-web"] / "apps" / "chassis" / "server.py").read_text()
    kept = re.search(r"^keepalive = (\d+)$", server, re.M)
    assert kept
    # nginx closes what it keeps to gunicorn after a minute unless it is told otherwise.
    assert "proxy_http_version     1.1;" in configuration
    assert not re.search(r"upstream gunicorn \{[^}]*keepalive_timeout", configuration)
    assert int(kept[1]) > 60
    assert seconds(configuration, "keepalive_timeout") > 60
