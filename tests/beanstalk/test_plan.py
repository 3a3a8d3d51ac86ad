import socket
from pathlib import Path

import pytest

from beanstalk.plan import plans, refuse_ports_in_use
from beanstalk.refusals import Refused


def test_every_site_has_its_port_and_its_own_data(tmp_path: Path) -> None:
    planned = plans({}, tmp_path)
    assert [plan.url for plan in planned] == [f"http://127.0.0.1:{port}" for port in (8001, 8002, 8003)]
    assert len({plan.settings.data_dir for plan in planned}) == 3
    assert len({plan.settings.queue_url for plan in planned}) == 3


def test_a_worker_differs_in_tier_and_address_only(tmp_path: Path) -> None:
    plan = plans({"WEB_CONCURRENCY": "3"}, tmp_path)[1]
    differs = {name for name in plan.environ if plan.environ[name] != plan.worker_environ[name]}
    assert plan.worker_environ["APP"] == "myclothes.worker"
    assert differs == {"APP", "BIND", "WEB_CONCURRENCY"}
    assert plan.settings.workers == 3


def test_a_variable_can_be_meant_for_one_site_or_for_all(tmp_path: Path) -> None:
    environ = {"MYCLOTHES_SESSION_URL": "memory:", "CACHE_URL": "null:"}
    time, clothes, words = (plan.settings for plan in plans(environ, tmp_path))
    assert clothes.session_url == "memory:"
    assert "memory:" not in (time.session_url, words.session_url)
    assert {time.cache_url, clothes.cache_url, words.cache_url} == {"null:"}


def test_the_laptop_is_never_production(tmp_path: Path) -> None:
    assert not plans({"ENVIRONMENT": "production"}, tmp_path)[0].settings.production


def test_compiled_modules_are_kept(tmp_path: Path) -> None:
    assert "PYTHONDONTWRITEBYTECODE" not in plans({"PYTHONDONTWRITEBYTECODE": "1"}, tmp_path)[0].environ


@pytest.mark.parametrize(
    ("environ", "says"),
    [
        ({"MYCLOTHES_PORT": "80a"}, "MYCLOTHES_PORT: got '80a', takes a port from 1 to 65535"),
        ({"MYCLOTHES_PORT": "65536"}, "MYCLOTHES_PORT: got '65536', takes a port from 1 to 65535"),
        ({"MYCLOTHES_PORT": "-1"}, "MYCLOTHES_PORT: got '-1'"),
        ({"MYCLOTHES_PORT": "8001"}, "8001 is given to another site too"),
        ({"DATABASE_URL": "sqlite:////x"}, "DATABASE_URL cannot be shared by three sites: name one of them"),
        ({"THREADS": "many"}, "THREADS: got 'many', takes a whole number"),
    ],
)
def test_what_cannot_be_is_refused_by_name(environ: dict[str, str], says: str, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        plans(environ, tmp_path)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_port_in_use_is_refused_with_its_number_and_its_variable(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        planned = plans({"MYWORDPRESS_PORT": str(port)}, tmp_path)
        with pytest.raises(Refused, match=f"port {port} is in use by another program.* MYWORDPRESS_PORT"):
            refuse_ports_in_use(planned[2:])
