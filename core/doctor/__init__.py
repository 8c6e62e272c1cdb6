"""Find the problems that imapsync would have with a token file, and repair them. No network."""
