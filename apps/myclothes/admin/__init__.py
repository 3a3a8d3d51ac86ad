"""What only administrators see."""
