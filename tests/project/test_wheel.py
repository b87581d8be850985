"""The wheel holds everything that the bot needs, and nothing else."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.project.pages import ROOT

BUILD_S = 100.0
PACKAGES = ("bot", "cogs", "sandbox")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.Path:
    """The wheel, built without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT, check=True, capture_output=True, timeout=BUILD_S,
    )  # fmt: skip
    (built,) = folder.glob("*.whl")
    return zipfile.Path(built)


def source_files() -> set[str]:
    """Every file of the packages as they lie here."""
    return {
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_holds_every_file_of_the_packages_and_no_other(wheel: zipfile.Path) -> None:
    names = wheel.root.namelist()
    held = {name for name in names if ".dist-info/" not in name and not name.endswith("/")}
    assert held == source_files()
    assert not any(name.startswith("tests/") for name in held)


@pytest.mark.parametrize(
    "needed",
    [
        "bot/locales/ja/LC_MESSAGES/ketchup.po", "bot/storage/migrations/env.py",
        "bot/storage/migrations/versions/0001_first_schema.py", "sandbox/__main__.py",
        "bot/web/dashboard/templates/overview.html", "bot/web/dashboard/static/dashboard.css",
    ],
)  # fmt: skip
def test_the_wheel_holds_what_is_no_module(wheel: zipfile.Path, needed: str) -> None:
    assert needed in wheel.root.namelist()


def test_the_wheel_installs_the_console_script_and_the_license(wheel: zipfile.Path) -> None:
    (information,) = (entry for entry in wheel.iterdir() if entry.name.endswith(".dist-info"))
    scripts = (information / "entry_points.txt").read_text()
    assert "ketchup-bot = bot.__main__:main" in scripts
    assert "MIT License" in (information / "licenses" / "LICENSE").read_text()


def test_an_unpacked_wheel_can_migrate_a_database(wheel: zipfile.Path, tmp_path: Path) -> None:
    wheel.root.extractall(tmp_path / "site")
    code = (
        "import asyncio, bot.storage.engine.migrating as m; print(m.__file__);"
        "print(asyncio.run(m.bring_up_to_date('sqlite:///fresh.db')))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path, env={"PYTHONPATH": str(tmp_path / "site")}, text=True,
        check=True, capture_output=True, timeout=BUILD_S,
    )  # fmt: skip
    where, migrated = ended.stdout.splitlines()
    assert where.startswith(str(tmp_path))
    assert migrated == "True"
