"""The network: its settings, https requests, and the base of all servers on loopback."""
