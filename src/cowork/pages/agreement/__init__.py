"""The page of proposals, and the cards of proposals, reservations and outcomes."""
