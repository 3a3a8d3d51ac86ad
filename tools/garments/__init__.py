"""Our own product pictures: garments drawn by code, one SVG for each product and colour."""
