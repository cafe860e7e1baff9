"""The pages of the framework's elements."""
