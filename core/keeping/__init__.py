"""Keeping many mailboxes fresh: when each is due, the loop, and when it stops."""
