"""The table of clauses names tests that exist, and knows every number that a test carries."""

from tests.architecture.regulation import places_of_tests, rows, shown_by


def test_named_tests_exist():
    named = {place for row in rows() for place in row["also_shown_by"].split()}
    assert not named - places_of_tests().keys()


def test_numbers_of_tests_are_in_the_table():
    numbers = [row["number"] for row in rows()]
    assert numbers == [f"F{number:02}" for number in range(1, 51)]
    assert not shown_by().keys() - set(numbers)
