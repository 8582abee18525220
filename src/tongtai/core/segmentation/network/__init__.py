"""Neural networks as engines: the card that describes one, and its tiled use on a whole CT."""
