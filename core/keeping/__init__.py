"""Keep many mailboxes fresh: what is due when, the loop, its threads, and when it stops."""
