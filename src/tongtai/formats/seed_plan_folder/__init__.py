"""The folder that ``tongtai seeds plan`` makes: the plan, loading lists, its dose, masks, and why a goal is missed.

Here is nothing that computes: radiotherapy objects and what a browser shows are in the modules beside.
"""

from typing import Final

DESK_FILE: Final = "seed-desk.npz"
"""What changes of single seeds are judged with."""
