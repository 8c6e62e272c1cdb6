"""A list of mailboxes: read it, get all tokens, and write the report."""
