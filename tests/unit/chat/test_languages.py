"""Adding a language is one file."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from bot import errors
from bot.chat.commands import CommandTranslator
from bot.chat.translate import LOCALES, Catalogues
from tests.unit.cogs.trees import payloads

POLISH = """msgid ""
msgstr ""
"Language: pl\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4"
" && (n%100<12 || n%100>14) ? 1 : 2);\\n"

msgid "Cancel"
msgstr "Anuluj"

msgid "{count} picture"
msgid_plural "{count} pictures"
msgstr[0] "{count} obrazek"
msgstr[1] "{count} obrazki"
msgstr[2] "{count} obrazków"

msgid "I can't find that picture any more."
msgstr "Nie mogę już znaleźć tego obrazka."

msgctxt "command_name"
msgid "imagine"
msgstr "wyobraź"
"""
PORTUGUESE = """msgid ""
msgstr ""
"Language: pt_BR\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

msgid "Cancel"
msgstr "Cancelar"
"""


@pytest.fixture
def catalogues(tmp_path: Path) -> Catalogues:
    """The bot's languages with two more, each of them one file."""
    folder = tmp_path / "locales"
    shutil.copytree(LOCALES, folder)
    for language, text in {"pl": POLISH, "pt-BR": PORTUGUESE}.items():
        path = folder / language / "LC_MESSAGES" / "ketchup.po"
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    return Catalogues(folder=folder)


async def imagine(catalogues: Catalogues) -> dict[str, Any]:
    """`/imagine` as it would be sent to Discord."""
    found = await payloads(CommandTranslator(catalogues))
    return next(command for command in found if command["name"] == "imagine")


def test_a_language_is_there_as_soon_as_its_file_is(catalogues: Catalogues) -> None:
    assert set(catalogues.languages) >= {"en", "ja", "pl", "pt-BR"}
    assert catalogues.of("pl").gettext("Cancel") == "Anuluj"
    assert catalogues.of("pt-BR").gettext("Cancel") == "Cancelar"


def test_each_language_has_its_own_plurals_and_numbers(catalogues: Catalogues) -> None:
    polish = catalogues.of("pl")
    assert [polish.pictures(count) for count in (1, 2, 5, 22)] == [
        "1 obrazek", "2 obrazki", "5 obrazków", "22 obrazki",
    ]  # fmt: skip
    assert polish.credits(1_234_500_000).replace("\u00a0", " ") == "1 234,5"
    assert catalogues.of("pt-BR").credits(1_234_500_000) == "1.234,5"


def test_what_is_not_translated_yet_is_english(catalogues: Catalogues) -> None:
    polish = catalogues.of("pl")
    assert polish.gettext("Try again") == "Try again"
    assert polish.error(errors.JobGoneError()) == "Nie mogę już znaleźć tego obrazka."
    assert (
        polish.error(errors.NotYoursError(name="<@5>")) == "Only <@5> or a moderator can do that."
    )


async def test_commands_have_the_names_that_the_file_gives(catalogues: Catalogues) -> None:
    command = await imagine(catalogues)
    assert command["name_localizations"]["pl"] == "wyobraź"
    assert command["name_localizations"]["ja"] == "画像生成"
    assert "pt-BR" not in command["name_localizations"]
    assert "pl" not in (command["description_localizations"] or {})
