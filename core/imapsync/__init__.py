"""imapsync: its options and scripts, quoted for shells; its processes; the command `run`."""
