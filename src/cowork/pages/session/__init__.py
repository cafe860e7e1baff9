"""One visitor's session: who they are, which page is open, what is kept for them."""
