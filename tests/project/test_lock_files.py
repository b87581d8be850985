"""The lock files pin every package with its hashes, and say nothing of where they come from."""

import re
import tomllib
from collections.abc import Mapping

import pytest

from tests.project.pages import read

FILES = ["requirements/run.txt", "requirements/dev.txt"]
PIN = re.compile(r"([a-z0-9][a-z0-9.-]*)(?:\[[a-z,]+\])?==([^ ;]+)( ; [^\\]+)? \\")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")


def pins(name: str) -> Mapping[str, str]:
    """The version of each package."""
    found = (PIN.fullmatch(line) for line in read(name).splitlines())
    return {match[1]: match[2] for match in found if match}


def normalised(requirement: str) -> str:
    """A requirement's package, as lock files write it."""
    name = re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0]
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("name", FILES)
def test_every_package_has_a_version_and_hashes(name: str) -> None:
    hashes: dict[str, int] = {}
    for line in read(name).splitlines():
        if match := PIN.fullmatch(line):
            hashes[match[1]] = 0
        elif HASH.fullmatch(line):
            hashes[list(hashes)[-1]] += 1
        else:
            assert line.startswith("    # "), line
    assert len(hashes) > 20
    assert [package for package, count in hashes.items() if count == 0] == []


@pytest.mark.parametrize("name", FILES)
def test_no_address_stands_in_a_lock_file(name: str) -> None:
    text = read(name)
    assert re.search(r"://|--index|--find-links|--extra|--trusted| @ ", text) is None


def test_everything_that_runs_is_tested_in_the_same_version() -> None:
    run, dev = (pins(name) for name in FILES)
    assert {package: dev.get(package) for package in run} == run


@pytest.mark.parametrize("name", FILES)
def test_what_the_package_needs_is_pinned(name: str) -> None:
    project = tomllib.loads(read("pyproject.toml"))["project"]
    wanted = [*project["dependencies"]]
    if name.endswith("dev.txt"):
        wanted += project["optional-dependencies"]["dev"]
    assert {normalised(requirement) for requirement in wanted} <= set(pins(name))
