"""Experiments and benchmarks: every claim about speed is measured against a peer in the same run."""
