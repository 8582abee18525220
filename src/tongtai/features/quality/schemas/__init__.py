"""Wire types of quality."""
