"""All that is published as files: the rows, their formats, what their columns mean, the page."""
