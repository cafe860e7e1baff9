"""One module for each format of a transcript, and what they share."""
