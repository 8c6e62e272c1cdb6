"""What the user sees: each widget shows things and emits signals."""
