"""The rules, tables and models that come with the program, put together for a plan."""

import hashlib
from collections.abc import Sequence
from importlib.metadata import version
from importlib.resources import files

from tongtai.core.planning.knowledge import HeatKnowledge, Knowledge
from tongtai.core.planning.plan import CaseChecked, Provenance
from tongtai.core.thermal.reference.verification import verify
from tongtai.formats.devices import packaged_catalogue, read_chart
from tongtai.formats.heat_tables.reading import damage_rules, reference_tables, tissues
from tongtai.formats.heat_tables.stand_ins import pauses, stand_ins
from tongtai.formats.trajectory_rules import packaged_rules, read_rules

_TABLES = (
    ("tongtai.formats.devices", "devices.csv"),
    ("tongtai.formats.devices", "device_names.csv"),
    ("tongtai.formats.heat_tables", "tissues.csv"),
    ("tongtai.formats.heat_tables", "damage.csv"),
    ("tongtai.formats.heat_tables", "criteria.csv"),
    ("tongtai.formats.heat_tables", "antennas.csv"),
    ("tongtai.formats.heat_tables", "electrodes.csv"),
    ("tongtai.formats.heat_tables", "generators.csv"),
    ("tongtai.formats.heat_tables", "stand_ins.csv"),
    ("tongtai.formats.heat_tables", "pauses.csv"),
)
_LIBRARIES = ("numpy", "scipy", "numba")
# What moves an ablation's contour most (docs/explanation/heat.md).
BAND_QUANTITIES = ("perfusion", "thermal_conductivity", "electrical_conductivity", "conductivity_2450_span")


def software_name() -> str:
    """Name and version of this program."""
    return f"tongtai {version('tongtai')}"


def plan_knowledge(
    technique: str,
    *,
    rules: str | None = None,
    chart: str | None = None,
    heat: bool = True,
    band: bool = False,
    search_nodes: int = 0,
    extrapolate: bool = False,
    verification: Sequence[CaseChecked] = (),
) -> Knowledge:
    """What a plan of a technique is made with.

    Parameters
    ----------
    technique
        ``rfa`` or ``mwa``.
    rules
        Text of a hospital's own needle rules; the packaged ones if not given.
    chart
        Text of a maker's chart, added to the published devices.
    heat, band
        Whether heat is simulated, and over the ranges of the tissue's values.
    search_nodes
        Most nodes of each exact search of zones; 0 keeps the greedy choice.
    extrapolate
        Whether settings of needles placed by hand may lie outside the device's table.
    verification
        The reference cases as they ran here.

    Raises
    ------
    RulesError, ChartError
        If a file cannot be read, with its place.
    """
    catalogue = packaged_catalogue()
    own: list[Provenance] = []
    if chart is not None:
        catalogue = catalogue.with_chart(read_chart(chart))
        own.append(Provenance(what="maker's chart", source=f"sha256 {_sha256(chart.encode())}"))
    rules_text = rules or (files("tongtai.formats.trajectory_rules") / f"{technique}.toml").read_text("utf-8")
    own.append(Provenance(what="needle rules", source=f"sha256 {_sha256(rules_text.encode())}"))
    return Knowledge(
        rules=packaged_rules(technique) if rules is None else read_rules(rules),
        catalogue=catalogue,
        heat=_heat(band=band) if heat else None,
        software=software_name(),
        search_nodes=search_nodes,
        extrapolate=extrapolate,
        provenance=(*own, *_packaged()),
        verification=tuple(verification),
    )


def _heat(*, band: bool) -> HeatKnowledge:
    return HeatKnowledge(
        liver=tissues()["liver"],
        blood=tissues()["blood"],
        rules=damage_rules(),
        stand_ins=stand_ins(),
        pauses=pauses(),
        band=BAND_QUANTITIES if band else (),
    )


def _packaged() -> tuple[Provenance, ...]:
    tables = [
        Provenance(what=name, source=f"sha256 {_sha256((files(package) / name).read_bytes())}")
        for package, name in _TABLES
    ]
    return (*tables, *(Provenance(what=name, source=version(name)) for name in _LIBRARIES))


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def reference_cases() -> tuple[CaseChecked, ...]:
    """The solvers of this installation beside exact solutions, one line a case: its worst value."""
    found = verify(reference_tables(), damage_rules().models)
    return tuple(
        CaseChecked(
            name=one.case,
            passed=one.passed,
            deviation=abs(one.worst.deviation),
            tolerance=one.worst.tolerance,
            unit=one.worst.unit,
        )
        for one in found.cases
    )
