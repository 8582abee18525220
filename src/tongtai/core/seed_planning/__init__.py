"""From masks to a plan of iodine-125 seeds: which needles, which seeds on them, what dose they give, and why.

``plan`` holds the types of the plan itself, ``pipeline.make_seed_plan`` makes one.
"""
