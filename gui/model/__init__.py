"""What the window knows and asks of the core; no widget here."""
