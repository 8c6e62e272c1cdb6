"""The demo's servers as tests need them: they fail on demand and remember requests."""
