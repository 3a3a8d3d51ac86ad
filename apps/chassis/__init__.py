"""What every app is bolted to; it imports no app."""
