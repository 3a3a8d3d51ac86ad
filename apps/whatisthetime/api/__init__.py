"""What programs ask: World Time API's addresses, field for field, and more than those."""
