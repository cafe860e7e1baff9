"""One visitor's session: who they are, which page is open, and what is around it."""
