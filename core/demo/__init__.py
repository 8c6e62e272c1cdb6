"""A whole mail provider on loopback: for the rehearsal, and for the quick tests."""
