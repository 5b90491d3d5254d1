"""A synthesis as it is drafted on the desk: observations side by side, what is picked from them."""
