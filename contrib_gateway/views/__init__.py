"""The gateway's pages, one module a subject; each is made once per language."""
