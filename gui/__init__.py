"""The faces that start here; the window comes with its own release (CHANGELOG.md)."""
