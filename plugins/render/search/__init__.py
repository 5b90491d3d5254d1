"""Search: what of a site can be found by its words, and the page where one looks for it."""
