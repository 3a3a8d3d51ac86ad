"""Lists of links that an editor puts together."""
