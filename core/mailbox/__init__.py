"""One mailbox: get its token, refresh it, test it with an IMAP login, list it, forget it."""
