"""What readers say about posts, held until an author approves it."""
