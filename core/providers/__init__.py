"""Who the providers are, as data."""
