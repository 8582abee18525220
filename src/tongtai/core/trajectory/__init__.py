"""Straight ways from the skin to a tumour: which are open, what blocks the others, which are best."""
