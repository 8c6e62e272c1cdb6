"""How pytest-xdist spreads the tests over processes, for `-n 4`.

A free process gets the next test or the next group of tests. The process that gives them out knows
nothing of a test but its id, so the groups are patterns of ids. (`--dist loadgroup` would read them
from marks, but pytest 9.2 has broken that: pytest-dev/pytest-xdist#1386.)
"""

from fnmatch import fnmatchcase

from xdist.scheduler import LoadScopeScheduling

# The tests of a group share what a process starts once: the servers of the test bed, Wine, or an
# environment to install in. Wine's tests take longest, so they are three groups, each with its own
# Wine prefix and screen.
_GROUPS = {
    "tests/test_bed.py::*": "bed",
    "tests/test_busy_dovecot.py::*": "bed",
    "tests/test_end_to_end.py::*": "bed",
    "tests/test_forget.py::test_at_a_real_provider": "bed",
    "tests/test_gui_own_registrations.py::*": "bed",
    "tests/test_gui_stories.py::*": "bed",
    "tests/test_locks.py::test_a_wrong_hash_*": "locks",
    "tests/test_run_with_imapsync.py::*": "bed",
    "tests/wine/test_quick.py::*": "quick",
    "tests/wine/test_windows_*": "windows",
    "tests/wine/test_wine_*": "wine",
}


class GroupScheduling(LoadScopeScheduling):  # type: ignore[misc]  # it has no types
    """Gives out the largest groups first, then one test after the other."""

    def _split_scope(self, nodeid: str) -> str:
        """Return the group of a test, or its id if it has none."""
        groups = (group for pattern, group in _GROUPS.items() if fnmatchcase(nodeid, pattern))
        return next(groups, nodeid)
