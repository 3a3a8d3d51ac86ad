"""Reports as pages of their own: nothing is fetched, no script is needed."""
