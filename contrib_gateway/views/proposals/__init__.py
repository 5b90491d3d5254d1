"""What waits on the desk: all of it, one proposal, and what is decided on it."""
