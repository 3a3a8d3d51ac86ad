"""What there is to buy."""
