"""What happens after a click: each controller connects widgets and model for one task."""
