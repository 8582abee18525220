"""Iodine-125 seeds: dose by TG-43U1 in water, at points and on grids, and what it does to volumes."""
