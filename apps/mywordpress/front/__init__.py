"""The reader's side: the home page and each post."""
