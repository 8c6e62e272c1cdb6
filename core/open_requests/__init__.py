"""Requests to the owners of mailboxes, who sign in elsewhere, in private files."""
