"""The public's forms: which there are, how one is filled in and read over, what it is for."""
