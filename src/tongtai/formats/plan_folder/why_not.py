"""Why no needle may reach the tumour, in words."""

from tongtai.core.planning.inputs import TargetVolume
from tongtai.core.planning.reaching import ReachFound, ReliefTried

_RELIEFS = {
    "hydrodissection": "fluid between the liver and {obstacle}, {amount:g} mm wide",
    "crossing": "a way through {obstacle}",
    "gantry_tilt": "tilting the gantry by {amount:g}°",
    "breath": "another breath phase, the liver moved by {amount:+g} mm along the body",
}


def why_not_text(target: TargetVolume, reach: ReachFound) -> str:
    """What closes the skin, and what would open it, as plain text.

    Parameters
    ----------
    target, reach
        Sections of the plan; the numbers are theirs.
    """
    place = ", ".join(f"{value:.1f}" for value in target.centre_lps_mm)
    lines = [
        f"Tumour {target.tumour}, {target.longest_mm:.0f} mm, {target.tumour_ml:.1f} ml, middle at {place} (LPS mm).",
        f"Skin in the picture: {reach.skin_cm2:.0f} cm²; open to the tumour's middle: {reach.open_cm2:.1f} cm².",
        "",
        "What closes the skin (met first / met at all / alone, cm²):",
        *(
            f"  {one.constraint:<16}{one.first_cm2:9.1f}{one.any_cm2:9.1f}{one.alone_cm2:9.1f}"
            for one in reach.blocked
        ),
    ]
    if reach.reliefs:
        lines += ["", "What would open some of it:", *(f"  {_told(one)}" for one in reach.reliefs)]
    elif reach.reliefs_tried:
        lines += ["", "None of the reliefs in the needle rules opens any skin."]
    if reach.unchecked:
        lines += ["", f"Not checked, for want of a mask: {', '.join(reach.unchecked)}."]
    return "\n".join(lines) + "\n"


def _told(relief: ReliefTried) -> str:
    words = _RELIEFS[relief.kind].format(obstacle=relief.obstacle, amount=relief.amount)
    won = relief.after_cm2 - relief.before_cm2
    return f"{words}: {won:+.1f} cm² ({relief.source})"
