"""The three sites: web instances, workers with their queue daemons, and what fills their databases at first."""

from collections.abc import Iterator

from compose.rules import subnet_number
from compose.services import Service, secrets_of
from compose.switches import Switches

APPS = ("whatisthetime", "myclothes", "mywordpress")
STATEFUL = ("myclothes", "mywordpress")
REGION = "us-east-1"
PORT = 8000
# The last number of the address of an app's instances, workers and seed begins here.
WEB_NUMBERS = {"whatisthetime": 40, "myclothes": 60, "mywordpress": 80}
WORKER_NUMBERS = {"whatisthetime": 100, "myclothes": 110, "mywordpress": 120}
SEED_NUMBERS = {"myclothes": 34, "mywordpress": 35}
# Sessions and cache of an app are databases of one Redis.
REDIS_DATABASES = {"myclothes": (0, 1), "mywordpress": (2, 3)}
MEDIA = "/mnt/media"


def site_services(switches: Switches) -> Iterator[Service]:
    """All containers of the sites."""
    for app in APPS:
        if app in STATEFUL:
            yield _seed(app, switches)
        for number in range(1, switches.instances + 1):
            yield _web(app, number, switches)
        for number in range(1, switches.workers + 1):
            yield from _worker(app, number, switches)


def _zone(number: int, switches: Switches) -> str:
    return switches.zones[(number - 1) % len(switches.zones)]


def _web(app: str, number: int, switches: Switches) -> Service:
    name, zone = f"{app}-{number}", _zone(number, switches)
    listens = f"{switches.subnet}.{subnet_number(f'front-{name}')}.{WEB_NUMBERS[app] + number}"
    return Service(
        name=name,
        image="app",
        role="web",
        health="/opt/app/healthy",
        zone=zone,
        app=app,
        number=WEB_NUMBERS[app] + number,
        groups=("web", *_clients(app)),
        command=("web",),
        environment=_environment(app, app, name, zone, f"{listens}:{PORT}", switches) | {"PRIVATE_IP": listens},
        volumes=_volumes(app, str(number), switches),
        read_only=("/secrets",),
        memory=256,
        after=_after(app),
        stop_seconds=25,
    )


def _worker(app: str, number: int, switches: Switches) -> Iterator[Service]:
    name, zone = f"{app}-worker-{number}", _zone(number, switches)
    worker = Service(
        name=name,
        image="app",
        role="worker",
        health="/opt/app/healthy",
        zone=zone,
        app=app,
        number=WORKER_NUMBERS[app] + number,
        groups=tuple(dict.fromkeys(("cloud-client", *_clients(app)))),
        command=("web",),
        environment=_environment(app, f"{app}.worker", name, zone, f"127.0.0.1:{PORT}", switches),
        volumes=_volumes(app, f"worker-{number}", switches),
        read_only=("/secrets",),
        memory=256,
        after=_after(app),
    )
    yield worker
    yield Service(
        name=f"{app}-daemon-{number}",
        image="app",
        role="daemon",
        health="/opt/app/healthy",
        zone=zone,
        app=app,
        command=("daemon",),
        environment={"APP": app, "QUEUE_URL": worker.environment["QUEUE_URL"], **_cloud()},
        memory=128,
        beside=name,
    )


def _seed(app: str, switches: Switches) -> Service:
    # Demo accounts exist in no production, so what makes them must not claim to be one.
    return Service(
        name=f"{app}-seed",
        image="app",
        role="once",
        zone="a",
        app=app,
        number=SEED_NUMBERS[app],
        groups=("database-client", "cache-client"),
        command=("seed",),
        environment=_environment(app, app, f"{app}-seed", "a", f"127.0.0.1:{PORT}", switches)
        | {"ENVIRONMENT": "development"},
        volumes=_volumes(app, "1", switches),
        read_only=("/secrets",),
        memory=384,
        after=("secrets",),
        once=True,
    )


def _clients(app: str) -> tuple[str, ...]:
    return ("database-client", "cache-client", "cloud-client") if app in STATEFUL else ()


def _after(app: str) -> tuple[str, ...]:
    return (f"{app}-seed",) if app in STATEFUL else ("secrets",)


def _volumes(app: str, disk: str, switches: Switches) -> dict[str, str]:
    secrets = {"/secrets": secrets_of(app)}
    if app != "mywordpress":
        return secrets
    return secrets | {MEDIA: "media" if switches.storage == "efs" else f"media-{disk}"}


def _environment(app: str, is_app: str, name: str, zone: str, bind: str, switches: Switches) -> dict[str, str]:
    common = {
        "APP": is_app,
        "ENVIRONMENT": "production",
        "PUBLIC_URL": f"http://{app}.localhost:{switches.port}",
        "TRUSTED_PROXY_HOPS": "1",
        "SHOW_ARCHITECTURE": "1",
        "BIND": bind,
        "WEB_CONCURRENCY": "1",
        "THREADS": "8",
        "INSTANCE_ID": name,
        "AVAILABILITY_ZONE": f"{REGION}{zone}",
        "AWS_REGION": REGION,
        "NTP_SERVER": "off",
        "VAR_DIR": "/tmp/var",  # noqa: S108 - in the container, where it is a tmpfs of its own
        "QUEUE_URL": f"http://cloud:4566/000000000000/{app}",
    }
    optional = {"FAULTS": "1"} if switches.faults else {}
    return common | optional | _cloud() | (_backends(app, switches) if app in STATEFUL else {})


def _cloud() -> dict[str, str]:
    # The stand-in takes any credentials, so these are none.
    return {
        "AWS_ENDPOINT_URL": "http://cloud:4566",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def _backends(app: str, switches: Switches) -> dict[str, str]:
    sessions, cache = REDIS_DATABASES[app]
    database = f"mysql://{app}:{{database_password}}@{{}}:3306/{app}"
    found = {
        "DATABASE_URL": database.replace("{}", "writer"),
        "SESSION_URL": _session_url(sessions, switches),
        "CACHE_URL": _redis(cache) if switches.cache == "redis" else "null:",
        "MAIL_URL": f"ses://{REGION}",
    }
    if switches.replicas:
        found["DATABASE_REPLICA_URLS"] = database.replace("{}", "reader")
    if app == "mywordpress":
        shared = "1" if switches.storage == "efs" else "0"
        found |= {"STORAGE_URL": f"file://{MEDIA}", "STORAGE_REQUIRE_MOUNT": "1", "STORAGE_SHARED": shared}
    return found


def _session_url(number: int, switches: Switches) -> str:
    return {
        "redis": _redis(number) + "&wait_replicas=1",
        "memory": "memory:",
        "cookie": "cookie:",
        "dynamodb": f"dynamodb://{REGION}/sessions",
    }[switches.sessions]


def _redis(number: int) -> str:
    return f"rediss://:{{cache_password}}@cache:6379/{number}?ssl_ca_certs=/secrets/ca.pem"
