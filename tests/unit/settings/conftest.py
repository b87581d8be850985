"""Nothing of the developer's own settings reaches these tests."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.settings import Settings, Sources, load_settings
from bot.settings.loading import NAMES, meant

REQUIRED: Mapping[str, str] = {"DISCORD_TOKEN": "token-of-a-bot", "KETCHUP_API_KEY": "dk-secret"}


class Desk:
    """An operator's machine: an environment, a folder with ``.env``, and a folder of secrets."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.sources = Sources(folder / ".env", folder / "secrets")
        self._monkeypatch = monkeypatch

    def export(self, **values: str) -> None:
        """Put names into the environment."""
        for name, value in values.items():
            self._monkeypatch.setenv(name, value)

    def write(self, text: str) -> None:
        """Write ``.env``."""
        self.sources.env_file.write_text(text, encoding="utf-8")

    def secret(self, name: str, value: str) -> None:
        """Lay a file into the folder of secrets."""
        self.sources.secrets_dir.mkdir(exist_ok=True)
        (self.sources.secrets_dir / name).write_text(value)

    def load(self, **values: str) -> Settings:
        """The settings with both required ones, and these."""
        self.export(**REQUIRED, **values)
        return load_settings(self.sources)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    for name in list(os.environ):
        if name.upper() in NAMES or meant(name.upper()):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return Desk(tmp_path, monkeypatch)
