"""Who can connect to whom, found out by trying."""

from concurrent.futures import ThreadPoolExecutor

from compose.control import Control
from compose.rules import RULES
from compose.services import Service

Pair = tuple[str, int]
# All at once by one process, in the language that every Debian image has. What is refused is so at once; the time is
# for a busy machine, and for packets that are thrown away unanswered.
TRY_ALL = """
use strict; use Errno; use IO::Handle; use IO::Select; use Socket;
my (%door, $end); my $trying = IO::Select->new;
while (<STDIN>) {
    my ($address, $port) = split;
    socket(my $try, PF_INET, SOCK_STREAM, 0) or die "$!";
    $try->blocking(0);
    connect($try, pack_sockaddr_in($port, inet_aton($address))) or $!{EINPROGRESS} or next;
    $door{$try} = "$address $port";
    $trying->add($try);
}
for ($end = time + 5; $trying->count and time < $end;) {
    for my $try ($trying->can_write(1)) {
        print "$door{$try}\n" unless unpack("i", getsockopt($try, SOL_SOCKET, SO_ERROR));
        $trying->remove($try);
    }
}
"""


def every_door(control: Control) -> set[Pair]:
    """Each port that anybody listens on, at each address of whoever does."""
    plan = control.plan.plan
    return {
        (plan.address(service, network), rule.port)
        for service in plan.services
        for rule in RULES
        if rule.servers in service.groups
        for network in plan.networks_of(service)
    }


def own_doors(control: Control, service: Service) -> set[Pair]:
    """Those of the service itself."""
    plan = control.plan.plan
    own = {plan.address(service, network) for network in plan.networks_of(service)}
    return {door for door in every_door(control) if door[0] in own}


def reached_from(control: Control, service: Service) -> set[Pair]:
    """The doors of others that open when they are tried from this service's container."""
    doors = every_door(control) - own_doors(control, service)
    tried = "".join(f"{address} {port}\n" for address, port in sorted(doors))
    found = control.execute(service.name, "perl", "-e", TRY_ALL, content=tried).splitlines()
    return {(address, int(port)) for address, port in map(str.split, found)}


def allowed_from(control: Control, service: Service) -> set[Pair]:
    """The doors that the rules let it open."""
    return {(grant.address, grant.port) for grant in control.plan.plan.grants if grant.client is service}


def clients(control: Control) -> list[Service]:
    """Every service that has a network of its own and goes on running."""
    plan = control.plan.plan
    return [service for service in plan.services if plan.networks_of(service) and not service.once]


def all_reached(control: Control) -> dict[str, set[Pair]]:
    """What each service reaches."""
    services = clients(control)
    with ThreadPoolExecutor(6) as pool:
        return dict(
            zip([s.name for s in services], pool.map(lambda s: reached_from(control, s), services), strict=True)
        )
