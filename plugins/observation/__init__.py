"""What field work says when it is counted and cited: findings, tallies, outcomes. Pure.

Nothing here is typed by hand: all of it follows from the documents, and is as true as they are.
"""
