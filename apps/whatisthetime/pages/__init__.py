"""What people look at. Each page is made from the moment and the address alone: any instance answers any request."""
