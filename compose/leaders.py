"""Who leads at the moment: the database that takes writes, and the cache that is the primary."""

from compose.control import Control, DockerFailed


def writer(control: Control) -> str:
    """The database to which a relay leads; empty while there is none."""
    running = [name for name, container in control.containers().items() if container.runs]
    for relay in control.plan.of(role="relay"):
        if relay.name in running:
            return control.execute(relay.name, "cat", "/var/lib/relay/writer").partition(":")[0].strip()
    return ""


def primary(control: Control) -> str:
    """The cache that says so of itself; empty while none does."""
    for cache in control.plan.of(role="cache"):
        try:
            said = control.execute(cache.name, "sh", "-c", 'exec /opt/cache/ask "$LISTEN" 6379 ROLE')
        except DockerFailed:
            continue
        if said.startswith("master"):
            return cache.name
    return ""
