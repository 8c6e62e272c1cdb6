"""The language of the user: which one it is, and the texts in it."""
