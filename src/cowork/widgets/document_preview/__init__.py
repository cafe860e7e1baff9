"""A report, shown before it leaves."""
