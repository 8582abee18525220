"""The folder that ``tongtai seeds plan`` makes: the plan, loading lists, its dose, masks, and why a goal is missed.

Here is nothing that computes: radiotherapy objects and what a browser shows are in the modules beside.
"""
