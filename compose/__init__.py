"""The whole architecture on one machine: topology as data, its rendering for Docker Compose, and its control."""
