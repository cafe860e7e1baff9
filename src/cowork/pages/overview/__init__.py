"""The pages that look at the whole workshop: journey, trace, differences, report."""
