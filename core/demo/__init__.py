"""The demo: a mail provider on this computer; sign-in and refresh without an account."""
