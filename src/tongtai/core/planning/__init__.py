"""From masks to a plan of ablation: which needles, which zones, what they achieve, and why.

``plan`` holds the types of the plan itself, ``pipeline.make_plan`` makes one.
"""
