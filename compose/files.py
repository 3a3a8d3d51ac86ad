"""Where a rendering is written: the default one is part of the project, any other one of this machine alone."""

from dataclasses import dataclass
from pathlib import Path

from compose import render
from compose.topology import Topology

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Files:
    """The two files of a rendering."""

    compose: Path
    balancer: Path

    def write(self, topology: Topology) -> None:
        """Write them, unless they say the same already."""
        render.write(topology, self.compose, self.balancer, ROOT)


def files_of(topology: Topology) -> Files:
    """Where the rendering of this topology belongs."""
    if not topology.switches.changed():
        return Files(ROOT / "compose.yaml", ROOT / "docker" / "balancer" / "haproxy.cfg")
    folder = ROOT / "var" / "compose" / topology.switches.project
    return Files(folder / "compose.yaml", folder / "haproxy.cfg")
