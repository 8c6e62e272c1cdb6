"""imapsync: write its command for each shell, find it, and find its running processes."""
