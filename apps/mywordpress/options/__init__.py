"""What the owner of the journal has decided: its title, what is shown first, who may comment."""
