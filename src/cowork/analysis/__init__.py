"""Analysis: what stands in a workshop, counted and traced. The core and the standard library only; no language."""
