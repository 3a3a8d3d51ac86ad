"""A bundle run as the platform would run it, on this machine and without root."""
