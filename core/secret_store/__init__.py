"""The system's own store of secrets, for refresh tokens that shall not lie in a file."""
