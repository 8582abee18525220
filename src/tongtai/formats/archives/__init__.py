"""Zip archives from strangers."""
