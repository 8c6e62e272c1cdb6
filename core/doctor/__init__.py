"""What imapsync makes of a token file, what would go wrong, and the mending of it; no network."""
