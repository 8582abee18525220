"""First step: the patient under the rules, and the whole skin joined to the middle of the tumour."""

from dataclasses import dataclass

from tongtai.core.coverage.lines import middle_of
from tongtai.core.coverage.targets import AblationTarget, ablation_target
from tongtai.core.planning.inputs import TargetVolume
from tongtai.core.planning.patient import anatomy_of, longest_mm, tumour_numbered
from tongtai.core.planning.plan import Request
from tongtai.core.planning.progress import Progress, silent, stage
from tongtai.core.planning.reaching import BlockedSkin, ReachFound, ReliefTried
from tongtai.core.segmentation.masks import Segmentation, StructureMask
from tongtai.core.trajectory.anatomy import Anatomy
from tongtai.core.trajectory.reach import ReachMap, Target, as_point, reach
from tongtai.core.trajectory.reliefs import explain
from tongtai.core.trajectory.rules import PRONE, SUPINE, TrajectoryRules
from tongtai.core.trajectory.scene import prepare

POSITIONS = {"supine": SUPINE, "prone": PRONE}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PreparedCase:
    """A patient ready for planning one tumour."""

    segmentation: Segmentation
    tumour: StructureMask
    anatomy: Anatomy
    target: AblationTarget
    reached: ReachMap


def prepare_case(
    segmentation: Segmentation,
    request: Request,
    rules: TrajectoryRules,
    progress: Progress = silent,
) -> PreparedCase:
    """Prepare a patient and find from where the tumour's middle can be reached.

    Parameters
    ----------
    segmentation
        The image with its masks.
    request
        Tumour, margin, position.
    rules
        Needle rules of the technique.
    progress
        Told the finished share of this step.

    Raises
    ------
    PlanningError
        If there is no such tumour, or the segmentation is unfit.
    TrajectoryError
        If a mask that planning cannot do without is missing.
    CoverageError
        If the tumour lies outside the liver.
    """
    tumour = tumour_numbered(segmentation, request.tumour_number)
    anatomy = anatomy_of(segmentation)
    target = ablation_target(anatomy, tumour.name, margin_mm=request.margin_mm)
    tell = stage(progress, 0.0, 0.8, "obstacles")
    scene = prepare(anatomy, rules, positioning=POSITIONS[request.position], on_progress=tell)
    stage(progress, 0.8, 1.0, "skin")(0.0)
    aim = Target(tumour.name, as_point(middle_of(target.tumour_points)))
    reached = reach(scene, [aim])
    return PreparedCase(
        segmentation=segmentation, tumour=tumour, anatomy=anatomy, target=target, reached=reached
    )


def reach_found(case: PreparedCase, *, reliefs: bool, progress: Progress = silent) -> ReachFound:
    """What of the skin is open, what closes the rest, and (``reliefs``) what would open it."""
    tell = stage(progress, 0.0, 1.0, "what would open a path")
    told = explain(case.reached, reliefs=None if reliefs else (), on_progress=tell)[0]
    return ReachFound(
        tumour=case.tumour.name,
        skin_cm2=told.skin_cm2,
        open_cm2=told.open_cm2,
        open_share=told.open_cm2 / told.skin_cm2 if told.skin_cm2 else 0.0,
        blocked=tuple(
            BlockedSkin(
                constraint=one.constraint,
                first_cm2=one.first_cm2,
                any_cm2=one.any_cm2,
                alone_cm2=one.alone_cm2,
            )
            for one in told.blocking
        ),
        reliefs=tuple(
            ReliefTried(
                kind=one.relief.kind.value,
                obstacle=one.relief.obstacle,
                amount=one.relief.amount,
                before_cm2=one.before_cm2,
                after_cm2=one.after_cm2,
                source=one.relief.source,
            )
            for one in told.openings
        ),
        reliefs_tried=reliefs,
        unchecked=case.reached.scene.unchecked,
    )


def target_volume(case: PreparedCase) -> TargetVolume:
    """The target in numbers."""
    target, scene = case.target, case.reached.scene
    return TargetVolume(
        tumour=case.tumour.name,
        margin_mm=target.margin_mm,
        centre_lps_mm=case.reached.targets[0].point_lps_mm,
        longest_mm=longest_mm(case.segmentation.grid, case.tumour.voxels),
        tumour_ml=target.tumour_ml,
        target_ml=target.target_ml,
        liver_ml=target.liver_ml,
        healthy_liver_ml=target.healthy_liver_ml,
        at_capsule=float(target.at_capsule.mean()),
        subcapsular=scene.subcapsular[scene.tumour_number(case.tumour.name) - 1],
    )
