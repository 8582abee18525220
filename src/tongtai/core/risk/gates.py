"""Two gates before a puncture: can this blood clot, and is ablation the usual treatment here."""

from dataclasses import dataclass
from enum import StrEnum

from tongtai.core.risk.quantities import Analyte, Quantity, converted
from tongtai.core.risk.score import Score, ScoreInput, absent, incomplete, measured
from tongtai.core.risk.tumour import TumourBurden

WINDOW_SOURCE = "National Health Commission of China, guideline for primary liver cancer, 2022 edition"
WINDOW_FORMULA = (
    "single <= 5 cm, or <= 3 tumours each <= 3 cm; no vascular invasion, no extrahepatic spread; "
    "Child-Pugh A or B"
)


class Gate(StrEnum):
    """What a gate says."""

    OPEN = "open"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True, kw_only=True)
class BleedingLimits:
    """Limits of the house for a puncture of a solid organ.

    Attributes
    ----------
    least_platelets_10e9_l
        Fewer block.
    most_inr
        More blocks.
    least_fibrinogen_g_l
        Less blocks, where it was measured; ``None``: not asked.
    """

    least_platelets_10e9_l: float
    most_inr: float
    source: str
    least_fibrinogen_g_l: float | None = None


HIGH_RISK_2019 = BleedingLimits(
    least_platelets_10e9_l=50.0,
    most_inr=1.5,
    source="Patel IJ et al. SIR consensus 2019, high bleeding risk (INR 1.5-1.8). "
    "J Vasc Interv Radiol 2019;30:1168-1184",
)
# To be chosen by a house on purpose: the figures are from excerpts, and hospitals print others.
CHRONIC_LIVER_DISEASE_2019 = BleedingLimits(
    least_platelets_10e9_l=30.0,
    most_inr=2.5,
    least_fibrinogen_g_l=1.0,
    source="SIR consensus 2019, chronic liver disease; figures not confirmed against the paper",
)


def bleeding_gate(
    *,
    platelets: Quantity | None,
    inr: Quantity | None,
    fibrinogen: Quantity | None = None,
    limits: BleedingLimits = HIGH_RISK_2019,
) -> Score:
    """Whether coagulation lets a puncture go on without a plan to correct it.

    ``BLOCKED`` asks for a plan of correction, or for a physician's decision with its reason. The limits
    are a rule of the house: in cirrhosis INR does not predict bleeding.

    Raises
    ------
    QuantityError
        For a unit that does not belong to the analyte.

    Examples
    --------
    >>> low = bleeding_gate(platelets=Quantity(49.0, "10*9/L"), inr=Quantity(1.1, "1"))
    >>> str(low.grade), low.notes[0]
    ('blocked', 'platelets 49 10*9/L below 50')
    """
    formula = _formula(limits)
    if platelets is None or inr is None:
        missing = absent(platelets=platelets, inr=inr)
        return incomplete("bleeding_gate", missing, formula=formula, source=limits.source)
    inputs = [
        measured(Analyte.PLATELETS, platelets, "10*9/L"),
        measured(Analyte.INR, inr, "1"),
    ]
    over = []
    if float(inputs[0].used) < limits.least_platelets_10e9_l:
        over.append(f"platelets {inputs[0].used:g} 10*9/L below {limits.least_platelets_10e9_l:g}")
    if float(inputs[1].used) > limits.most_inr:
        over.append(f"INR {inputs[1].used:g} above {limits.most_inr:g}")
    if fibrinogen is not None and limits.least_fibrinogen_g_l is not None:
        inputs.append(measured(Analyte.FIBRINOGEN, fibrinogen, "g/L"))
        if converted(Analyte.FIBRINOGEN, fibrinogen, "g/L") < limits.least_fibrinogen_g_l:
            over.append(f"fibrinogen {inputs[2].used:g} g/L below {limits.least_fibrinogen_g_l:g}")
    return Score(
        name="bleeding_gate",
        value=None,
        grade=Gate.BLOCKED if over else Gate.OPEN,
        inputs=tuple(inputs),
        formula=formula,
        source=limits.source,
        notes=(*over, "limits are a rule of the house"),
    )


def _formula(limits: BleedingLimits) -> str:
    text = f"blocked if platelets < {limits.least_platelets_10e9_l:g} x 10^9/L or INR > {limits.most_inr:g}"
    if limits.least_fibrinogen_g_l is not None:
        text += f" or fibrinogen, where measured, < {limits.least_fibrinogen_g_l:g} g/L"
    return text


def ablation_window(burden: TumourBurden, *, child_pugh_class: str | None) -> Score:
    """Whether a liver cancer is within the usual indication of ablation; the grade is a `Gate`.

    Examples
    --------
    >>> two = TumourBurden(diameters_mm=(31.0, 15.0), vascular_invasion=False, extrahepatic_spread=False)
    >>> outside = ablation_window(two, child_pugh_class="A")
    >>> str(outside.grade), outside.notes
    ('blocked', ('2 tumours, one of 31 mm: more than 30',))
    """
    missing = (*burden.missing, *absent(child_pugh_class=child_pugh_class))
    if missing:
        return incomplete("ablation_window", missing, formula=WINDOW_FORMULA, source=WINDOW_SOURCE)
    against = []
    largest = burden.largest_mm
    if burden.count == 1 and largest > 50.0:
        against.append(f"single tumour of {largest:g} mm: more than 50")
    elif burden.count > 3:
        against.append(f"{burden.count} tumours: more than 3")
    elif burden.count > 1 and largest > 30.0:
        against.append(f"{burden.count} tumours, one of {largest:g} mm: more than 30")
    if burden.vascular_invasion:
        against.append("vascular invasion")
    if burden.extrahepatic_spread:
        against.append("extrahepatic spread")
    if child_pugh_class not in {"A", "B"}:
        against.append(f"Child-Pugh {child_pugh_class}")
    graded = str(child_pugh_class)
    return Score(
        name="ablation_window",
        value=None,
        grade=Gate.BLOCKED if against else Gate.OPEN,
        inputs=(*burden.inputs(), ScoreInput(name="child_pugh_class", given=graded, used=graded)),
        formula=WINDOW_FORMULA,
        source=WINDOW_SOURCE,
        notes=tuple(against),
    )
