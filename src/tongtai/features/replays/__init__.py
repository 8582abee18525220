"""Replays: sessions seen again from their recordings, and what of them is approved for teaching."""
