"""Who may write, who may see what, what may leave the group, and what an erasure reaches."""
