"""The card list: contributions as cards, with the actions each allows."""
