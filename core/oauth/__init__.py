"""OAuth2: the refresh request, what token endpoints answer, and revocation."""
