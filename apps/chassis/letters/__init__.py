"""Mail that a site owes somebody, kept until it is sent: what the letters of all sites have in common."""
