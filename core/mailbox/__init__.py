"""One mailbox: get its token, refresh it, prove it by IMAP, list it, forget it."""
