"""A text file to send when asking for help. It is made of chosen fields, without secrets."""
