"""The rules and seed data that come with the program, put together for a seed plan."""

import hashlib
from collections.abc import Sequence
from importlib.metadata import version
from importlib.resources import files

from tongtai.core.brachytherapy.formalism import check_formalism
from tongtai.core.brachytherapy.reference import run_seed_cases
from tongtai.core.brachytherapy.rules import DoseRules, Formalism, RadialRule
from tongtai.core.planning.plan import CaseChecked, Provenance
from tongtai.core.reference_case import CaseResult
from tongtai.core.seed_planning.knowledge import SeedKnowledge
from tongtai.core.seed_planning.reference import run_seed_planning_cases
from tongtai.core.thermal.reference.verification import Verification
from tongtai.formats.plan_knowledge import software_name
from tongtai.formats.seed_models import seed_model
from tongtai.formats.seed_models.reference import seed_checks
from tongtai.formats.seed_rules import packaged_seed_rules_text, read_seed_rules
from tongtai.formats.trajectory_rules import read_rules

_LIBRARIES = ("numpy", "scipy", "numba")
REFERENCE_MODEL = "6711"


def seed_knowledge(
    model: str,
    *,
    formalism: Formalism = Formalism.LINE,
    radial: RadialRule = RadialRule.LINEAR,
    needle_rules: str | None = None,
    seed_rules: str | None = None,
    trials: int = 100,
    verification: Sequence[CaseChecked] = (),
) -> SeedKnowledge:
    """What a seed plan is made with.

    Parameters
    ----------
    model
        Identifier of a seed model.
    formalism, radial
        Line or point source; how g(r) runs between its points.
    needle_rules, seed_rules
        Texts of a hospital's own rules; the packaged ones if not given.
    trials
        Of the band of misplaced seeds; 0 leaves it out.
    verification
        The reference cases as they ran here, see `seed_cases_checked`.

    Raises
    ------
    UnknownSeedModelError, FormalismMissingError
        If there is no such model, or it lacks the table that the formalism needs.
    RulesError, SeedRulesError
        If a file cannot be read, with its place.

    Examples
    --------
    >>> seed_knowledge("6711").needle_rules.technique
    'seeds'
    """
    found = seed_model(model)
    check_formalism(found, formalism)
    needle_text = needle_rules or (files("tongtai.formats.trajectory_rules") / "seeds.toml").read_text(
        "utf-8"
    )
    seed_text = seed_rules or packaged_seed_rules_text()
    model_text = (files("tongtai.formats.seed_models") / f"{model.lower()}.toml").read_bytes()
    return SeedKnowledge(
        needle_rules=read_rules(needle_text),
        rules=read_seed_rules(seed_text),
        model=found,
        dose_rules=DoseRules(formalism=formalism, radial=radial),
        software=software_name(),
        trials=trials,
        provenance=(
            Provenance(what="needle rules", source=f"sha256 {_sha256(needle_text.encode())}"),
            Provenance(what="seed rules", source=f"sha256 {_sha256(seed_text.encode())}"),
            Provenance(what=f"seed model {model}", source=f"sha256 {_sha256(model_text)}"),
            *(Provenance(what=name, source=version(name)) for name in _LIBRARIES),
        ),
        verification=tuple(verification),
    )


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def seed_case_results() -> list[CaseResult]:
    """Seed doses beside published ones, and seed planning beside enumeration, as they come out here."""
    model = seed_model(REFERENCE_MODEL)
    return [*run_seed_cases(model, seed_checks()), *run_seed_planning_cases(model)]


def seed_cases_checked() -> tuple[CaseChecked, ...]:
    """The same, one line a case: its worst value."""
    return tuple(
        CaseChecked(
            name=one.case,
            passed=one.passed,
            deviation=abs(one.worst.deviation),
            tolerance=one.worst.tolerance,
            unit=one.worst.unit,
        )
        for one in Verification(results=tuple(seed_case_results())).cases
    )
