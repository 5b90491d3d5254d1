"""GitHub's JSON objects, made of the server's records."""
