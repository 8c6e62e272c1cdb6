"""The report that a user can send to whoever helps, without private data."""
