"""How orders are paid: a gateway behind an interface, and a test gateway that moves no money."""
