"""The pages of those who hold the workshop: start, how we meet, people."""
