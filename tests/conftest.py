"""What all tests share: the real test bed, the quick servers of the rehearsal, Qt offscreen."""

import os

pytest_plugins = ["bed.fixtures", "servers"]

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
