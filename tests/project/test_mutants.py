"""Every seeded mistake can still be made, and the tests that catch it are there.

Whether they do catch it is for ``make mutants`` to show.
"""

import re

import pytest

from tests.mutants.__main__ import MUTANTS
from tests.mutants.mutant import Mutant
from tests.project.pages import read

NAMES = [mutant.name for mutant in MUTANTS]


@pytest.mark.parametrize("mutant", MUTANTS, ids=NAMES)
def test_a_mutant_changes_exactly_one_place(mutant: Mutant) -> None:
    text = read(mutant.file)
    changed = mutant.change(text)
    assert changed != text
    compile(changed, mutant.file, "exec")


@pytest.mark.parametrize("mutant", MUTANTS, ids=NAMES)
def test_the_tests_that_catch_a_mutant_exist(mutant: Mutant) -> None:
    assert mutant.caught_by
    for test in mutant.caught_by:
        path, _, name = test.partition("::")
        assert re.search(rf"^(async )?def {name}\(", read(f"tests/{path}"), re.MULTILINE)


def test_mutants_have_names_of_their_own() -> None:
    assert len(set(NAMES)) == len(NAMES)
