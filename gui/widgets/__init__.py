"""What the user sees: each widget shows and emits, and knows no controller."""
