"""Behind the counter: what those see who look after the shop."""
