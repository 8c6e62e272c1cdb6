"""What all tests share: the real test bed, and the quick servers of the rehearsal."""

pytest_plugins = ["bed.fixtures", "servers"]
