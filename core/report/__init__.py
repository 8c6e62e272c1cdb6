"""One text file for whoever is asked for help, made of chosen fields so that it can be sent on."""
