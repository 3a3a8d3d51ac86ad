"""A random day: faults drawn by a seed over all three sites, and what must be true of them afterwards."""
