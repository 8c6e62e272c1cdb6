"""What imapsync would make of a token file, what is wrong with it, and how it is mended."""
