"""Run imapsync as a child process whose tokens are kept fresh."""
