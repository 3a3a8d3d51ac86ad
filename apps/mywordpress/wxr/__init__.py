"""WordPress's export files, read and written."""
