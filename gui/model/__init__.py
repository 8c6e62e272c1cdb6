"""What the window knows and asks of the core, without widgets."""
