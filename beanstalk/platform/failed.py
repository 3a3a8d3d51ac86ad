"""What ends a deployment."""


class Failed(Exception):
    """The deployment has failed and changed nothing that is served; the text says which step, and what it printed."""
