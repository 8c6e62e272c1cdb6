"""What happened to each mailbox in the last days, and what follows from that. No secrets."""
