"""OAuth2: the sign-in, the refresh request, what token endpoints answer, and revocation."""
