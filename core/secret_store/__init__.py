"""The system's store of secrets, for refresh tokens that must not be in a file."""
