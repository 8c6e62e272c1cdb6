"""What happens when: each controller connects widgets and model for one task."""
