"""Who writes here: authors and administrators, and how they sign in."""
