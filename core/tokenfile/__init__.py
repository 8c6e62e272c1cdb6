"""The token file that imapsync reads: its content, place, lock and replacement."""
