"""How an experiment is run: what stands, what is claimed, what is written down."""
