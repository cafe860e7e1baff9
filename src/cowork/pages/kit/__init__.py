"""What pages are built with: forms, cards, actions, pickers and the wording of links."""
