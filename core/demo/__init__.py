"""A whole mail provider on this computer, for the rehearsal and for tests."""
