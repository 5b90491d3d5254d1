"""The watch's own knowledge, pure: what a feed says, what is the same item, the same story.

Nothing is imported here: the processes that parse feeds load this package, and stay small.
"""
