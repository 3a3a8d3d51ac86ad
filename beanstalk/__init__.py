"""Beanstalk on a laptop: what its instances do around the code, done here. Never deployed."""
