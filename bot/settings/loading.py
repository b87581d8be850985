"""Reads the settings, and names all that is wrong with them at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import DotEnvSettingsSource, EnvSettingsSource, SecretsSettingsSource

from bot.errors import SettingsError
from bot.settings.model import Settings
from bot.settings.parsing import is_plain, plain_words

SECRETS_DIR: Final = Path("/run/secrets")
NAMES: Final = tuple(name.upper() for name in Settings.model_fields)
_COMMON: Final = frozenset(
    {"DATABASE_URL", "PUBLIC_URL", "HTTP_HOST", "HTTP_PORT", "SECRET_KEY", "LOG_LEVEL",
     "LOG_FORMAT"}
)  # fmt: skip
"""Other programs use similar names: what looks like one of these may not be meant for us."""
_ALIKE: Final = 0.8
_SHORT_KEY: Final = 16
_REMEDIES: Final = {
    "DISCORD_TOKEN": (
        "Get one at https://discord.com/developers/applications: your application, Bot, "
        "Reset Token."
    ),
    "KETCHUP_API_KEY": "Make one in your Ketchup API workspace: https://defapi.org.",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """A setting that cannot be used: its name, what is wrong with it, and what to do."""

    name: str
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.name} {self.what}. {self.remedy}".rstrip()


class InvalidSettingsError(SettingsError):
    """Settings are missing or wrong; ``problems`` names each of them."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Sources:
    """Where settings are read from, beside the environment."""

    env_file: Path = Path(".env")
    secrets_dir: Path = SECRETS_DIR

    def read(self) -> Settings:
        """The settings; raises what pydantic raises."""
        return Settings(_env_file=self.env_file, _secrets_dir=self._folder)

    def origins(self) -> dict[str, str]:
        """Where each setting that is set comes from, by its name in capitals."""
        found: dict[str, str] = {}
        for origin, values in (
            ("environment", EnvSettingsSource(Settings)()),
            (str(self.env_file), self._file()()),
            (str(self.secrets_dir), SecretsSettingsSource(Settings, secrets_dir=self._folder)()),
        ):
            for name in values:
                found.setdefault(name.upper(), origin)
        return {name: origin for name, origin in found.items() if name in NAMES}

    def strangers(self) -> dict[str, str]:
        """Where names stand that are none of ours: in our own file all, elsewhere those that
        look like one of ours."""
        environment = EnvSettingsSource(Settings).env_vars
        found = {name.upper(): "the environment" for name, value in environment.items() if value}
        found = {name: place for name, place in found.items() if meant(name)}
        found |= {name.upper(): str(self.env_file) for name in self._file().env_vars}
        return {name: place for name, place in found.items() if name not in NAMES}

    def _file(self) -> DotEnvSettingsSource:
        return DotEnvSettingsSource(Settings, env_file=self.env_file)

    @property
    def _folder(self) -> Path | None:
        return self.secrets_dir if self.secrets_dir.is_dir() else None


def load_settings(sources: Sources | None = None) -> Settings:
    """The settings of the environment, ``.env`` and the secrets.

    Raises:
        InvalidSettingsError: with every problem at once.
    """
    sources = sources or Sources()
    try:
        strangers, origins = sources.strangers(), sources.origins()
    except (OSError, UnicodeError) as error:
        places = f"{sources.env_file} or {sources.secrets_dir}"
        raise InvalidSettingsError(Problem(places, f"cannot be read: {error}")) from None
    problems = _misspellings(strangers, origins)
    try:
        settings = sources.read()
    except ValidationError as error:
        found = [_problem(detail) for detail in error.errors(include_url=False)]
        raise InvalidSettingsError(*found, *problems) from None
    if problems:
        raise InvalidSettingsError(*problems)
    return settings


def cautions(settings: Settings, sources: Sources | None = None) -> list[str]:
    """What works, but probably not as it was meant."""
    sources = sources or Sources()
    words = [
        f"{name} sends over plain http, which others on the way can read: use https."
        for name in ("DISCORD_API_URL", "KETCHUP_API_URL", "PUBLIC_URL")
        if (url := getattr(settings, name.lower())) and is_plain(url)
    ]
    if any(len(key.get_secret_value()) < _SHORT_KEY for key in settings.secret_key):
        words.append(f"SECRET_KEY is shorter than {_SHORT_KEY} characters: use a longer one.")
    for name, place in sources.strangers().items():
        known = meant(name)
        if place == str(sources.env_file) or known not in sources.origins():
            hint = f" Did you mean {known}?" if known else ""
            words.append(f"{name} in {place} is no setting of this bot.{hint}")
    return words


def meant(name: str) -> str | None:
    """The setting that a name looks like."""
    alike = get_close_matches(name, NAMES, n=1, cutoff=_ALIKE)
    return alike[0] if alike else None


def _misspellings(strangers: Mapping[str, str], origins: Mapping[str, str]) -> list[Problem]:
    """The strangers that were meant as a setting which nothing else sets."""
    return [
        Problem(name, f"in {place} is no setting of this bot", f"Did you mean {known}?")
        for name, place in strangers.items()
        if (known := meant(name)) is not None and known not in origins
        if place != "the environment" or known not in _COMMON
    ]


def _problem(detail: ErrorDetails) -> Problem:
    name = str(detail["loc"][0]).upper() if detail["loc"] else "The settings"
    if detail["type"] == "missing":
        return Problem(name, "is missing", _REMEDIES.get(name, ""))
    return Problem(name, plain_words(detail["msg"]), _REMEDIES.get(name, ""))
