"""Mail that the journal owes somebody, kept until it is sent."""
