"""Tongtai: one expert team, at many operating tables at once."""

__version__ = "0.1.0"
