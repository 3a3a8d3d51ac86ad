"""A volume that is taken away from a running container as a file system over the network may go, and given back.

Docker mounts volumes for good. So a helper that is root on Docker's machine enters the container's mount namespace: it
detaches the mount, and later attaches the same volume again. No process of the container is restarted for it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from compose.services import Service
from lab.experiments.mywordpress.journal import MEDIA
from lab.running.architecture import Stage

RIGHTS = ("--pid=host", "--user=0", "--cap-add=SYS_ADMIN", "--cap-add=SYS_PTRACE", "--security-opt=apparmor=unconfined")
# The numbers are those of Linux on every kind of processor; Python's standard library has no names for these calls.
PROGRAM = """
import ctypes, os, sys
OPEN_TREE, MOVE_MOUNT, HERE, CLONE, FROM_DESCRIPTOR, MOUNTS, LAZY = 428, 429, -100, 1, 4, 0x20000, 2
deed, pid, folder = sys.argv[1], sys.argv[2], sys.argv[3].encode()
linux = ctypes.CDLL(None, use_errno=True)

def done(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result

volume = done(linux.syscall(OPEN_TREE, HERE, b"/volume", CLONE))
done(linux.setns(os.open(f"/proc/{pid}/ns/mnt", os.O_RDONLY), MOUNTS))
if deed == "detach":
    done(linux.umount2(folder, LAZY))
else:
    done(linux.syscall(MOVE_MOUNT, volume, b"", HERE, folder, FROM_DESCRIPTOR))
"""


@contextmanager
def detached(stage: Stage, *services: str) -> Iterator[None]:
    """These containers lose their pictures' mount, and have it again at the end."""
    lost: list[str] = []
    try:
        for service in services:
            tell(stage, "detach", service)
            lost.append(service)
        yield
    finally:
        # What cannot be given back is taken down with the whole architecture.
        before, stage.spoiled = stage.spoiled, True
        for service in lost:
            tell(stage, "attach", service)
        stage.spoiled = before


def tell(stage: Stage, deed: str, name: str) -> None:
    """Have the helper do this to a container."""
    control = stage.control
    service: Service = control.plan.services[name]
    (container,) = control.engine.inspect(control.name(name))
    volume = f"{stage.switches.project}_{service.volumes[MEDIA]}:/volume"
    command = ("python3", "-", deed, str(container["State"]["Pid"]), MEDIA)
    helper = ("--rm", "--interactive", "--network=none", *RIGHTS, f"--volume={volume}", f"--entrypoint={command[0]}")
    control.engine.run("run", *helper, container["Config"]["Image"], *command[1:], content=PROGRAM)
