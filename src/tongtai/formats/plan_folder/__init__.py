"""The folder that ``tongtai plan`` makes: the plan, its book and objects, its masks, the skin, and why there is no path."""

from tongtai.formats.plan_folder.file import PlanFile
from tongtai.formats.plan_folder.objects import plan_objects
from tongtai.formats.plan_folder.skin_map import skin_map_ply
from tongtai.formats.plan_folder.why_not import why_not_text
from tongtai.formats.plan_folder.writing import write_plan_folder

__all__ = ["PlanFile", "plan_objects", "skin_map_ply", "why_not_text", "write_plan_folder"]
