"""The form: a question with fields, choices and texts to pick, and one button."""
