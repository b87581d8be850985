"""The rules for application commands and for autocomplete."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from sandbox.discord.errors import DiscordError, Faults50035, Path
from sandbox.discord.model import Json

CHAT_INPUT = 1
SUBCOMMAND, SUBCOMMAND_GROUP = 1, 2
CHARACTERS = 8000
OPTIONS = 25
CHOICES = 25
CHOICE_VALUE = 100
MOST_COMMANDS = {1: 100, 2: 15, 3: 15}
"""By type: slash commands, user and message menus in one scope."""

_LOCALES = frozenset(
    [
        "id",
        "da",
        "de",
        "en-GB",
        "en-US",
        "es-ES",
        "es-419",
        "fr",
        "hr",
        "it",
        "lt",
        "hu",
        "nl",
        "no",
        "pl",
        "pt-BR",
        "ro",
        "fi",
        "sv-SE",
        "vi",
        "tr",
        "cs",
        "el",
        "bg",
        "ru",
        "uk",
        "hi",
        "th",
        "zh-CN",
        "ja",
        "zh-TW",
        "ko",
    ]
)
_NAME_MARKS = frozenset("-_'")


def is_slash_name(name: str) -> bool:
    r"""Discord's ``^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$``, in lower case where there is
    one.
    """

    def fits(letter: str) -> bool:
        if letter in _NAME_MARKS or unicodedata.category(letter)[0] in "LN":
            return True
        return bool(re.match("[\u0900-\u097f\u0e00-\u0e7f]", letter))

    return 1 <= len(name) <= 32 and all(map(fits, name)) and name == name.lower()


def check_commands(commands: Sequence[Json]) -> None:
    """Refuse a bulk overwrite: too many (30032), names twice or any broken rule (50035)."""
    for kind, most in MOST_COMMANDS.items():
        if sum(c.get("type", CHAT_INPUT) == kind for c in commands) > most:
            raise DiscordError(
                400, 30032, f"Maximum number of application commands reached ({most})"
            )
    faults = Faults50035()
    seen: set[tuple[int, str]] = set()
    for index, command in enumerate(commands):
        _check_command((index,), command, faults)
        key = (int(command.get("type") or CHAT_INPUT), str(command.get("name")))
        if key in seen:
            message = "Application command names must be unique"
            faults.add((index,), "APPLICATION_COMMANDS_DUPLICATE_NAME", message)
        seen.add(key)
    faults.raise_if_any()


def check_command(command: Json) -> None:
    """Refuse one command that breaks a rule (50035)."""
    faults = Faults50035()
    _check_command((), command, faults)
    faults.raise_if_any()


def check_choices(choices: Sequence[Json], at: Path = ("data",)) -> None:
    """Refuse suggestions that Discord would not show (50035)."""
    faults = Faults50035()
    _check_choices((*at, "choices"), choices, faults)
    faults.raise_if_any()


def _check_command(at: Path, command: Json, faults: Faults50035) -> None:
    slash = (command.get("type") or CHAT_INPUT) == CHAT_INPUT
    _check_names(at, command, slash, faults)
    if not slash:
        if command.get("description"):
            message = "Context menu commands cannot have description"
            faults.add(
                (*at, "description"), "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION", message
            )
        return
    _check_options(at, command.get("options") or [], faults, depth=0)
    if characters(command) > CHARACTERS:
        message = f"Command exceeds maximum size ({CHARACTERS})"
        faults.add(at, "APPLICATION_COMMAND_TOO_LARGE", message)


def _check_names(at: Path, part: Json, slash: bool, faults: Faults50035) -> None:
    names = {(*at, "name"): part.get("name")}
    for locale, name in (part.get("name_localizations") or {}).items():
        names[(*at, "name_localizations", locale)] = name
        _check_locale((*at, "name_localizations"), locale, faults)
    for path, name in names.items():
        if not isinstance(name, str):
            faults.required(path)
            continue
        faults.length(path, name, 1, 32)
        if slash and not is_slash_name(name):
            message = "Command name is invalid"
            faults.add(path, "APPLICATION_COMMAND_INVALID_NAME", message)
    if not slash:
        return
    descriptions = {(*at, "description"): part.get("description")}
    for locale, text in (part.get("description_localizations") or {}).items():
        descriptions[(*at, "description_localizations", locale)] = text
        _check_locale((*at, "description_localizations"), locale, faults)
    for path, text in descriptions.items():
        if not isinstance(text, str):
            faults.required(path)
        else:
            faults.length(path, text, 1, 100)


def _check_locale(at: Path, locale: str, faults: Faults50035) -> None:
    if locale not in _LOCALES:
        faults.add(at, "DICT_TYPE_KEYS", f"{locale} is not a locale of Discord")


def _check_options(at: Path, options: Sequence[Json], faults: Faults50035, *, depth: int) -> None:
    if len(options) > OPTIONS:
        faults.add(
            (*at, "options"), "BASE_TYPE_MAX_LENGTH", f"Must be {OPTIONS} or fewer in length."
        )
    seen: set[str] = set()
    optional_before = False
    for index, option in enumerate(options):
        here = (*at, "options", index)
        _check_names(here, option, True, faults)
        if option.get("name") in seen:
            message = "Option names must be unique"
            faults.add(here, "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", message)
        seen.add(str(option.get("name")))
        kind = option.get("type")
        if kind not in range(1, 12) or (
            kind in (SUBCOMMAND, SUBCOMMAND_GROUP) and depth > 2 - int(kind)
        ):
            faults.add(
                (*here, "type"),
                "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
                "Sub-command option type is invalid",
            )
            continue
        if option.get("required") and optional_before:
            message = "Required options must be placed before non-required options"
            faults.add(here, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message)
        optional_before |= not option.get("required")
        _check_option_values(here, option, faults)
        _check_options(here, option.get("options") or [], faults, depth=depth + 1)


def _check_option_values(at: Path, option: Json, faults: Faults50035) -> None:
    choices = option.get("choices") or []
    _check_choices((*at, "choices"), choices, faults)
    if choices and option.get("autocomplete"):
        message = "Autocomplete and choices are mutually exclusive"
        faults.add(
            (*at, "autocomplete"), "APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE", message
        )
    for name in ("min_length", "max_length"):
        if not 0 <= (option.get(name) or 0) <= 6000:
            faults.add(
                (*at, name), "NUMBER_TYPE_MAX", "int value should be less than or equal to 6000."
            )


def _check_choices(at: Path, choices: Sequence[Json], faults: Faults50035) -> None:
    if len(choices) > CHOICES:
        faults.add(at, "BASE_TYPE_MAX_LENGTH", f"Must be {CHOICES} or fewer in length.")
    for index, choice in enumerate(choices):
        for name in [choice.get("name"), *(choice.get("name_localizations") or {}).values()]:
            faults.length((*at, index, "name"), str(name or ""), 1, 100)
        if isinstance(value := choice.get("value"), str):
            faults.length((*at, index, "value"), value, 1, CHOICE_VALUE)
        elif not isinstance(value, int | float):
            faults.required((*at, index, "value"))


def characters(part: Json) -> int:
    """What counts towards 8000: names, descriptions and choices.

    Of localisations only the longest counts.
    """
    total = _longest(part, "name") + _longest(part, "description")
    for choice in part.get("choices") or []:
        total += _longest(choice, "name") + len(str(choice.get("value") or ""))
    return total + sum(characters(option) for option in part.get("options") or [])


def _longest(part: Json, name: str) -> int:
    texts: Iterable[str] = [
        part.get(name) or "",
        *(part.get(f"{name}_localizations") or {}).values(),
    ]
    return max(len(str(text)) for text in texts)
