"""What the sites lean on: databases, caches, the local AWS, and who keeps all of that working."""

from collections.abc import Iterator, Sequence

from compose.rules import subnet_number
from compose.services import Service, secrets_of
from compose.switches import Switches

DATABASES = ("database-a", "database-b")
CACHES = ("cache-a", "cache-b")
SENTINELS = ("sentinel-a", "sentinel-b", "sentinel-c")
READERS_OF_SECRETS = ("whatisthetime", "myclothes", "mywordpress", "database", "promoter", "cache", "cache-endpoint")


def backing_services(switches: Switches) -> Iterator[Service]:
    """All containers but those of the sites and the balancer."""
    yield _secrets()
    yield _cloud()
    yield from _databases(switches)
    yield from _relays(switches)
    yield _promoter(switches)
    yield from _caches(switches)
    yield from _cache_endpoints(switches)
    yield from _sentinels(switches)
    yield _keeper(switches)


def names(switches: Switches, balancer: str, instances: Sequence[str]) -> Service:
    """The name server; `instances` are such as `whatisthetime=10.210.11.41,10.210.12.42`."""
    return Service(
        name="names",
        image="names",
        health="/opt/names/health",
        role="names",
        zone="region",
        number=11,
        groups=("names",),
        environment={
            "LISTEN": _listen(switches, "names", 11),
            "BALANCER": balancer,
            "HEALTH": f"{_listen(switches, 'health', 10)}:8404",
            "INSTANCES": " ".join(instances),
        },
        ports=(f"{switches.names_port}:53/udp", f"{switches.names_port}:53/tcp"),
        memory=96,
    )


def _listen(switches: Switches, network: str, number: int) -> str:
    return f"{switches.subnet}.{subnet_number(network)}.{number}"


def _secrets() -> Service:
    return Service(
        name="secrets",
        image="app",
        role="once",
        zone="region",
        command=("python", "-m", "compose.keys"),
        volumes={f"/secrets-of/{reader}": secrets_of(reader) for reader in READERS_OF_SECRETS},
        once=True,
    )


def _cloud() -> Service:
    return Service(
        name="cloud",
        image="cloud",
        health="/opt/cloud/healthy",
        role="cloud",
        zone="region",
        number=12,
        groups=("cloud",),
        environment={
            "QUEUES": "whatisthetime,myclothes,mywordpress",
            "TABLE": "sessions",
            "SENDERS": "myclothes.localhost,mywordpress.localhost",
        },
        volumes={"/var/lib/ministack": "cloud"},
        memory=320,
    )


def _databases(switches: Switches) -> Iterator[Service]:
    for number, name in enumerate((*DATABASES, "database-reader"), start=1):
        is_reader = name not in DATABASES
        listens = [_listen(switches, "database-servers", 15 + number)]
        if is_reader:
            listens.append(_listen(switches, "to-database-reader", 15 + number))
        yield Service(
            name=name,
            image="database",
            health="/opt/database/health",
            role="database",
            zone="a" if name == "database-a" else "b",
            number=15 + number,
            groups=("database", "reader") if is_reader else ("database",),
            environment={"LISTEN": ",".join(listens), "SERVER_ID": str(number)}
            | ({"FOLLOWS_BY_ITSELF": "1"} if is_reader else {}),
            volumes={"/var/lib/mysql": name, "/secrets": secrets_of("database")},
            read_only=("/secrets",),
            memory=320,
            after=("secrets",),
            stop_seconds=20,
        )


def _promoter(switches: Switches) -> Service:
    return Service(
        name="promoter",
        image="app",
        role="promoter",
        health="/opt/app/healthy",
        zone="c",
        number=13,
        groups=("promoter",),
        command=("python", "-m", "failover", "watch"),
        environment={
            "FAILOVER_SERVERS": ",".join(f"mysql://promoter:{{promoter_password}}@{name}:3306" for name in DATABASES),
            "FAILOVER_READERS": "mysql://promoter:{promoter_password}@database-reader:3306",
            "FAILOVER_FIRST": f"{DATABASES[0]}:3306",
            "FAILOVER_ENDPOINT": f"announce://{_listen(switches, 'promotion', 13)}:3311",
            "FAILOVER_STATE": "/var/lib/promoter/state.json",
        },
        volumes={"/var/lib/promoter": "promoter", "/secrets": secrets_of("promoter")},
        read_only=("/secrets",),
        memory=96,
        after=("secrets",),
    )


def _relays(switches: Switches) -> Iterator[Service]:
    for number, zone in ((14, "a"), (15, "b")):
        yield Service(
            name=f"relay-{zone}",
            image="app",
            role="relay",
            health="/opt/app/healthy",
            zone=zone,
            number=number,
            groups=("relay",),
            command=("python", "-m", "failover", "relay"),
            environment={
                "FAILOVER_ENDPOINT": f"relay://{_listen(switches, f'to-relay-{zone}', number)}:3306",
                "FAILOVER_PROMOTER": "promoter:3311",
                "FAILOVER_STATE": "/var/lib/relay/writer",
            },
            volumes={"/var/lib/relay": f"relay-{zone}"},
        )


def _caches(switches: Switches) -> Iterator[Service]:
    for number, name in enumerate(CACHES, start=19):
        yield Service(
            name=name,
            image="cache",
            role="cache",
            health="/opt/cache/health-redis",
            zone=name[-1],
            number=number,
            groups=("cache",),
            command=("/opt/cache/redis",),
            environment={
                "LISTEN": _listen(switches, "cache-servers", number),
                "FIRST_PRIMARY": CACHES[0],
                "SENTINELS": " ".join(SENTINELS),
            },
            volumes={"/var/lib/redis": name, "/secrets": secrets_of("cache")},
            read_only=("/secrets",),
            after=("secrets",),
        )


def _cache_endpoints(switches: Switches) -> Iterator[Service]:
    for number, zone in ((21, "a"), (22, "b")):
        yield Service(
            name=f"cache-endpoint-{zone}",
            image="balancer",
            role="cache-endpoint",
            health="/opt/cache/health-endpoint",
            zone=zone,
            number=number,
            groups=("cache-endpoint",),
            command=("/opt/cache/endpoint",),
            environment={"LISTEN": _listen(switches, f"to-cache-endpoint-{zone}", number), "SERVERS": " ".join(CACHES)},
            volumes={"/secrets": secrets_of("cache-endpoint")},
            read_only=("/secrets",),
            after=("secrets",),
        )


def _sentinels(switches: Switches) -> Iterator[Service]:
    for number, name in enumerate(SENTINELS, start=23):
        yield Service(
            name=name,
            image="cache",
            role="sentinel",
            health="/opt/cache/health-sentinel",
            zone=name[-1],
            number=number,
            groups=("sentinel",),
            command=("/opt/cache/sentinel",),
            environment={"LISTEN": _listen(switches, "sentinels", number), "FIRST_PRIMARY": CACHES[0]},
            volumes={"/var/lib/redis": name, "/secrets": secrets_of("cache")},
            read_only=("/secrets",),
            memory=48,
            after=("secrets",),
        )


def _keeper(switches: Switches) -> Service:
    # Whoever holds Docker's socket commands the machine, by whatever user; so it has no network, and nobody reaches it.
    return Service(
        name="keeper",
        image="app",
        role="keeper",
        zone="region",
        command=("python", "-m", "compose.keeper"),
        environment={"PROJECT": switches.project},
        volumes={"/var/run/docker.sock": "${DOCKER_SOCKET:-/var/run/docker.sock}", "/run/balancer": "balancer"},
        read_only=("/run/balancer",),
        user="0:0",
    )
