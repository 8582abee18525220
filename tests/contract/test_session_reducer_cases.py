"""The reducer's cases are what the TypeScript reducer is tested with: they must be current."""

import json

from tests.contract import session_cases

from tongtai.features.guidance.model import EventType


def test_the_file_is_what_the_reducer_does() -> None:
    assert session_cases.CASES_FILE.read_text(encoding="utf-8") == session_cases.text(), (
        "run: python tests/contract/session_cases.py"
    )


def test_every_type_of_event_has_a_case() -> None:
    document = json.loads(session_cases.CASES_FILE.read_text(encoding="utf-8"))
    assert {case["event"]["type"] for case in document["cases"]} == set(EventType)
