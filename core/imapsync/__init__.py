"""What imapsync needs: its options, quoting for shells, and the list of running ones."""
