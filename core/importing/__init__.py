"""Import what other programs know of a mailbox: tokens, registrations, scripts."""
