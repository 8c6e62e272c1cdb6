"""What the window knows, and what it asks of core. No widgets."""
