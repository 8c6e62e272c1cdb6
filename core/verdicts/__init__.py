"""What error codes and answers mean to the user: one table for each source."""
