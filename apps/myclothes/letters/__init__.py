"""Mail that the shop owes somebody, kept until it is sent."""
