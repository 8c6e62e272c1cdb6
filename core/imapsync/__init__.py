"""imapsync: write its command for each shell, and find its running processes."""
