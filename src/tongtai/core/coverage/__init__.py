"""Zones of ablation: how large a device makes them, where to place them, what they cover."""
