"""Who the providers are (data), and which one an address belongs to."""
