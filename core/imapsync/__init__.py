"""imapsync: the options to hand to it, quoting for shells, running ones, and running one."""
