"""The balancer: its container, and HAProxy's configuration as it follows from the topology."""

from compose.addresses import Plan
from compose.services import Service
from compose.sites import APPS, PORT
from compose.switches import Switches

CONFIGURATION = "/etc/haproxy/haproxy.cfg"
SOCKET = "/run/balancer/admin.sock"
CHECKS = {"live": "/health/live", "ready": "/health/ready"}

# Packets to a container that is gone vanish without an answer, so a visitor must be sent elsewhere long before the
# health check has noticed: hence 250 ms to connect, where a connection takes less than one. What is asked again is
# only what no server has begun to answer, and only if asking twice is harmless. Nobody's session is ended because an
# instance is held for dead: that would also end those that are just about to be sent elsewhere. A check may take
# 1.5 s, for a busy machine is not a dead one: unlike Amazon's, this balancer sends nobody anywhere where all are held
# for dead.
HEAD = """\
# Rendered by `python -m compose render`; do not edit.
global
    maxconn 4000
    stats socket {socket} mode 666 level admin

defaults
    mode http
    option forwardfor
    option redispatch 1
    retries 3
    retry-on conn-failure empty-response
    timeout connect 250ms
    timeout check 1500ms
    timeout client 65s
    timeout http-request 10s
    timeout http-keep-alive 60s
    timeout queue 5s
    timeout server 65s
    default-server inter 500ms fastinter 300ms downinter 500ms fall 2 rise 2

frontend statistics
    bind {address}:8404
    stats enable
    stats uri /
    stats refresh 5s
    stats show-legends

# What the name server asks before it tells an instance's address to anybody.
frontend health
    bind {health}:8404
{ups}
    http-request return status 503

frontend sites
    bind {address}:8080
    http-request set-var(txn.site) hdr(host),field(1,:),lower,regsub(\\.test$,.localhost)
    # The name server's names mean the same sites.
    http-request replace-header Host ^([a-z]+)\\.test(:[0-9]+)?$ \\1.localhost:{port}
    http-request replace-header Origin ^http://([a-z]+)\\.test(:[0-9]+)?$ http://\\1.localhost:{port}
    http-request disable-l7-retry unless METH_GET
"""


def service(switches: Switches) -> Service:
    """The balancer's container."""
    return Service(
        name="balancer",
        image="balancer",
        role="balancer",
        health="/opt/balancer/healthy",
        zone="region",
        number=10,
        groups=("balancer",),
        command=("haproxy", "-W", "-db", "-f", CONFIGURATION),
        volumes={"/run/balancer": "balancer"},
        ports=(f"{switches.port}:8080", f"{switches.statistics_port}:8404"),
        memory=128,
    )


def configuration(switches: Switches, plan: Plan) -> str:
    """HAProxy's configuration, for the instances of this plan."""
    (balancer,) = plan.members("balancer")
    ups = "\n".join(map(_up, plan.members("web")))
    head = HEAD.format(
        socket=SOCKET,
        address=plan.address(balancer, "edge"),
        health=plan.address(balancer, "health"),
        port=switches.port,
        ups=ups,
    )
    routes = [f"    use_backend {app} if {{ var(txn.site) -m str {app}.localhost }}" for app in APPS]
    known = " ".join(f"http://{app}.localhost:{switches.port}" for app in APPS)
    unknown = f'    http-request return status 404 content-type text/plain string "The sites are at {known}"'
    known_sites = " ".join(f"{app}.localhost" for app in APPS)
    unknown += f" unless {{ var(txn.site) -m str {known_sites} }}"
    return "\n".join([head + unknown, *routes, "", *(_backend(app, switches, plan) for app in APPS)])


def _up(web: Service) -> str:
    return f"    http-request return status 200 if {{ path /up/{web.name} }} {{ srv_is_up({web.app}/{web.name}) }}"


def _backend(app: str, switches: Switches, plan: Plan) -> str:
    lines = [f"backend {app}", "    balance roundrobin"]
    check = CHECKS.get(switches.health)
    if check:
        lines += [f"    option httpchk GET {check}", "    http-check expect status 200"]
    if switches.sticky:
        lines.append("    cookie AWSALB insert indirect nocache httponly")
    for web in plan.members("web"):
        if web.app == app:
            ((address, _),) = plan.listening(web, "web")
            words = ["    server", web.name, f"{address}:{PORT}", *(["check"] if check else [])]
            lines.append(" ".join(words + (["cookie", web.name] if switches.sticky else [])))
    return "\n".join(lines) + "\n"
