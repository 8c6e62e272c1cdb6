"""The system's secret store, for refresh tokens that must not be in a file."""
