"""The token file that imapsync reads: its content, its place, its lock, and how it is replaced."""
