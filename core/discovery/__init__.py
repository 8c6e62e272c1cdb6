"""Any other provider: find its sign-in server, and register there."""
