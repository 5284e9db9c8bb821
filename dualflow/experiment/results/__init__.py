"""What was found, as plain data, and what it allows one to say."""
