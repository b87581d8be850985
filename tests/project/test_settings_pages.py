"""README's table and `.env.example` name exactly the settings that there are."""

import re
from pathlib import Path
from typing import Any

import pytest

from bot.settings import Settings, Sources, load_settings
from tests.project.pages import code, read, rows

GIVEN: dict[str, Any] = {"discord_token": "a token", "ketchup_api_key": "a key"}
WORDS = {"required", "empty", "the two documented models"}
"""What a table may say instead of a value."""
ASSIGNMENT = re.compile(r"^(?:# )?([A-Z_]+)=(.*)$", re.MULTILINE)


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of whoever runs the tests, and no `.env` of theirs."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def settings_with(**values: Any) -> Settings:
    return Settings(_env_file=None, _secrets_dir=None, **{**GIVEN, **values})


def table() -> dict[str, str]:
    """Each setting's default as README has it."""
    return {code(name): default for name, default, _ in rows("README.md", "name", "default")}


def described(value: Any) -> Any:
    """A value that can be compared: catalogues by their models."""
    return tuple(value) if hasattr(value, "label") else value


def test_readme_names_every_setting_once_and_no_other() -> None:
    named = [code(row[0]) for row in rows("README.md", "name", "default")]
    assert sorted(named) == sorted(name.upper() for name in Settings.model_fields)


@pytest.mark.parametrize("field", sorted(Settings.model_fields))
def test_readme_tells_each_default_as_it_is(field: str) -> None:
    cell = table()[field.upper()]
    default = getattr(settings_with(), field)
    written = code(cell)
    assert written or cell in WORDS
    assert (cell == "required") == Settings.model_fields[field].is_required()
    assert (cell == "empty") == (default in (None, ()))
    if written:
        assert getattr(settings_with(**{field: written}), field) == default


def test_the_example_file_names_every_setting_once_and_no_other() -> None:
    named = [name for name, _ in ASSIGNMENT.findall(read(".env.example"))]
    assert sorted(named) == sorted(name.upper() for name in Settings.model_fields)


def test_every_setting_of_the_example_file_comes_after_a_comment() -> None:
    blocks = re.split(r"\n\n+", read(".env.example").strip())
    for block in filter(ASSIGNMENT.search, blocks):
        assert not ASSIGNMENT.match(block), block


def test_the_example_file_as_it_is_lacks_only_the_two_required_settings(tmp_path: Path) -> None:
    filled = re.sub(r"^([A-Z_]+)=$", r"\1=something", read(".env.example"), flags=re.MULTILINE)
    (tmp_path / "example").write_text(filled, encoding="utf-8")
    loaded = load_settings(Sources(env_file=tmp_path / "example", secrets_dir=tmp_path / "none"))
    assert loaded.discord_token.get_secret_value() == "something"
    assert loaded.ketchup_api_key.get_secret_value() == "something"


def test_every_line_of_the_example_file_can_be_switched_on_and_is_the_default(
    tmp_path: Path,
) -> None:
    lines = [f"{name}={value}" for name, value in ASSIGNMENT.findall(read(".env.example"))]
    text = "\n".join(lines).replace("DISCORD_TOKEN=", "DISCORD_TOKEN=a token")
    text = text.replace("KETCHUP_API_KEY=", "KETCHUP_API_KEY=a key")
    (tmp_path / "example").write_text(text, encoding="utf-8")
    loaded = load_settings(Sources(env_file=tmp_path / "example", secrets_dir=tmp_path / "none"))
    for field in Settings.model_fields:
        assert described(getattr(loaded, field)) == described(getattr(settings_with(), field)), (
            field
        )


def test_the_container_is_told_only_settings_that_exist() -> None:
    known = {name.upper() for name in Settings.model_fields}
    block = read("Dockerfile").partition("\nENV ")[2].partition("\n\n")[0]
    given = set(re.findall(r"^\s*([A-Z_]+)=", block, re.MULTILINE))
    assert {"DATABASE_URL", "HTTP_HOST"} <= given & known
    assert given - known == {"PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"}
