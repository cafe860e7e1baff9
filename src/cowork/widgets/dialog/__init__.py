"""A question that blocks the page until it is answered."""
