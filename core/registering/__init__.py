"""Registrations of one's own: how to make them, and how to hand them to others."""
