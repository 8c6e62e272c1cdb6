"""The rehearsal: a whole mail provider on loopback, and the job done with it twice."""
