"""Write the files with which another program starts this one regularly, or in a container."""
