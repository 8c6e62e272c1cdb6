"""Speaking to the network: what all questions share, and the one form POST."""
