"""What posts are found by: categories, tags and formats."""
