"""The network: limits, trust, proxies, and the one form post."""
