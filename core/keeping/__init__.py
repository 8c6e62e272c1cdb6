"""Keeping many mailboxes fresh: what is due when, the loop, its threads, its planned end."""
