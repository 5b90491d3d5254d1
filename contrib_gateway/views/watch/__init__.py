"""The watch on the desk: its inbox, its stories, its sources, its next issue."""
