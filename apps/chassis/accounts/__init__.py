"""What people with an account do on every site: choose a new password, move to another address, prove who they are."""
