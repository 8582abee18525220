"""The folder that ``tongtai plan`` makes: the plan, its masks, the skin, and why there is no path."""

from tongtai.formats.plan_folder.skin_map import skin_map_ply
from tongtai.formats.plan_folder.why_not import why_not_text
from tongtai.formats.plan_folder.writing import PlanFile, write_plan_folder

__all__ = ["PlanFile", "skin_map_ply", "why_not_text", "write_plan_folder"]
