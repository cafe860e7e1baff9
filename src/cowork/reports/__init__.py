"""Reports: a state goes in, bytes come out; the same state gives the same bytes."""
