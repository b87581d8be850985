"""Both languages say everything, with the same places, as their readers would write it."""

import ast
import re
import string
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from bot import errors
from bot.chat.translate import LOCALES, Catalogues, Texts, moment
from bot.domain.ids import Millis
from bot.domain.money import Microcredits
from tests.unit.cogs.trees import command_names

ROOT = LOCALES.parent.parent
LANGUAGES = sorted(path.name for path in LOCALES.iterdir() if path.is_dir())
TRANSLATED = [language for language in LANGUAGES if language != "en"]
_KEYWORDS: dict[str, tuple[int, ...] | None] = {"gettext": None, "ngettext": (1, 2)}


def catalogue(language: str) -> Catalog:
    with (LOCALES / language / "LC_MESSAGES" / "ketchup.po").open("rb") as file:
        return read_po(file, locale=Locale.parse(language, sep="-"), abort_invalid=True)


def user_errors(root: type[errors.UserError] = errors.UserError) -> list[type[errors.UserError]]:
    return [root, *(found for kind in root.__subclasses__() for found in user_errors(kind))]


def sentences_in_code() -> set[str]:
    found: set[str] = set()
    kinds = [("**.py", "python"), ("**/templates/**.html", "jinja2.ext:babel_extract")]
    for folder in ("bot/chat", "bot/service", "bot/web", "cogs"):
        for _, _, message, _, _ in extract_from_dir(str(ROOT / folder), kinds, keywords=_KEYWORDS):
            found.add(message if isinstance(message, str) else message[0])
    for kind in user_errors():
        found.add(kind.template())
        if (singular := getattr(kind, "singular", None)) is not None:
            found.add(singular)
        if kind.in_public is not None:
            found.add(kind.in_public)
    return found


def keys(messages: Catalog) -> set[tuple[str | None, str]]:
    return {(message.context, first(message)) for message in messages if message.id}


def first(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def forms(text: str | Iterable[str] | None) -> list[str]:
    """The one form of a sentence, or its singular and plural."""
    return [text] if isinstance(text, str) else list(text or ())


def places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


@pytest.mark.parametrize("language", TRANSLATED)
async def test_everything_that_is_said_is_translated_and_nothing_else(language: str) -> None:
    wanted: set[tuple[str | None, str]] = {(None, sentence) for sentence in sentences_in_code()}
    wanted |= await command_names()
    assert keys(catalogue(language)) == wanted


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_translation_is_finished_and_keeps_the_places(language: str) -> None:
    for message in catalogue(language):
        if not message.id:
            continue
        assert not message.fuzzy, message.id
        said = forms(message.string)
        meant = forms(message.id)
        assert all(said), message.id
        wanted = set().union(*(places(sentence) for sentence in meant))
        for sentence in said:
            assert places(sentence) == wanted, message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogues_are_nfc(language: str) -> None:
    path = LOCALES / language / "LC_MESSAGES" / "ketchup.po"
    written = path.read_text(encoding="utf-8")
    assert unicodedata.is_normalized("NFC", written)


def test_japanese_has_no_space_before_units_and_full_width_punctuation() -> None:
    for message in catalogue("ja"):
        said = " ".join(forms(message.string))
        if not message.id or message.context == "choice_name":
            continue
        assert not re.search(r"[\d}] (?:秒|分|枚|件|クレジット|MB)", said), said
        assert not re.search(r"[ぁ-んァ-ヶ一-龠][,.!?()]", said), said


@pytest.fixture(scope="module")
def english() -> Texts:
    return Catalogues().of("en-GB")


@pytest.fixture(scope="module")
def japanese() -> Texts:
    return Catalogues().of("ja")


def test_an_unknown_language_is_answered_in_english() -> None:
    assert Catalogues().of("fr").language == "en"
    assert Catalogues().of("ja").language == "ja"


def test_numbers_credits_and_durations(english: Texts, japanese: Texts) -> None:
    assert english.credits(1_234_500_000) == "1,234.5"
    assert english.credits(1) == "0.000001"
    assert (english.priced(1_000_000), english.priced(500_000)) == ("1 credit", "0.5 credits")
    assert japanese.priced(500_000) == "0.5クレジット"
    assert (english.duration(40.2), english.duration(0.1)) == ("40 s", "1 s")
    assert (english.duration(200), japanese.duration(12)) == ("3 min", "12秒")
    assert [english.ordinal(n) for n in (1, 2, 3, 4, 11, 22)] == [
        "1st", "2nd", "3rd", "4th", "11th", "22nd",
    ]  # fmt: skip
    assert japanese.ordinal(3) == "3番目"


def test_an_error_shows_its_amounts_moments_and_commands() -> None:
    catalogues = Catalogues(lambda name: f"</{name}:5>")
    poor = errors.NotEnoughCreditsError(
        count=4, price=Microcredits(2_000_000), balance=Microcredits(500_000),
        refill=Millis(1_795_000_000_000),
    )  # fmt: skip
    assert catalogues.of("en-US").error(poor) == (
        "4 pictures need 2 credits; you have 0.5. Your allowance refills <t:1795000000:R>."
    )
    assert catalogues.of("ja").error(poor) == (
        "4枚の生成には2クレジット必要ですが、残りは0.5です。利用枠は<t:1795000000:R>に更新されます。"
    )
    waiting = errors.TooManyWaitingError(limit=10, jobs="jobs")
    assert catalogues.of("ja").error(waiting) == (
        "同時に待てるのは10件までです。1件終わるのを待つか、</jobs:5>でキャンセルしてください。"
    )


def test_one_picture_is_spoken_of_in_the_singular(english: Texts) -> None:
    poor = errors.NotEnoughCreditsError(count=1, price=500_000, balance=0, refill=0)
    assert english.error(poor).startswith("1 picture needs 0.5 credits")


def test_foreign_names_in_errors_are_harmless_and_members_stay_mentions(english: Texts) -> None:
    odd = errors.ReferenceTypeError(name="**a**<@1>.gif")
    assert english.error(odd).startswith(r"\*\*a\*\*\<\@1\>.gif can't be used")
    assert english.error(errors.NotYoursError(name="<@17>")).startswith("Only <@17> or")


def test_a_public_answer_keeps_words_and_reasons_to_itself(english: Texts) -> None:
    word = errors.ForbiddenWordError(word="secret")
    assert "secret" in english.error(word)
    assert english.error(word, public=True).startswith("A word in that isn't allowed here.")
    blocked = errors.BlockedForReasonError(reason="spam")
    assert "spam" in english.error(blocked)
    assert english.error(blocked, public=True) == english.error(errors.BlockedError())
    assert english.error(errors.NoPictureError(), public=True).startswith("I can't find a picture")


def test_a_value_with_braces_is_not_a_place(english: Texts) -> None:
    odd = errors.UnknownModelError(model="{price.__class__}")
    assert "{price.\\_\\_class\\_\\_}" in english.error(odd)


def test_moments_are_left_to_the_readers_client() -> None:
    assert moment(1_795_000_000_999, "R") == "<t:1795000000:R>"


def test_channels_and_roles_in_errors_are_named_as_discord_shows_them(
    english: Texts, japanese: Texts
) -> None:
    refused = errors.ChannelNotAllowedError(ch=(1, 2))
    assert english.error(refused) == "Pictures aren't made in this channel. Try <#1> or <#2>."
    assert japanese.error(refused) == (
        "このチャンネルでは画像を生成できません。<#1>または<#2>でお試しください。"
    )
    assert english.error(errors.RoleNotAllowedError(allowed=(7,))).endswith("the role <@&7>.")
    assert "<#5>" in english.error(errors.ChannelNotAllowedError(ch=tuple(range(1, 30))))
    assert "<#6>" not in english.error(errors.ChannelNotAllowedError(ch=tuple(range(1, 30))))


def said_in(path: Path) -> Iterator[tuple[int, ast.expr]]:
    """Every sentence that a module has translated, with its line; also inside of f-strings."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        many = {"gettext": 1, "ngettext": 2}.get(node.func.attr, 0)
        yield from ((node.lineno, said) for said in node.args[:many])


def test_every_sentence_stands_in_the_code_where_it_can_be_found() -> None:
    """What is put together first, or hides in an f-string, no extractor sees."""
    known = sentences_in_code() | plurals_in_code()
    paths = [
        path
        for folder in ("bot/chat", "bot/service", "bot/web", "cogs")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if path.name != "translate.py"  # it passes on what it is given
    ]
    hidden = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in paths
        for line, said in said_in(path)
        if not isinstance(said, ast.Constant) or said.value not in known
    ]
    assert hidden == []


def plurals_in_code() -> set[str]:
    """The second form of every sentence that has two."""
    found: set[str] = set()
    for folder in ("bot/chat", "bot/service", "bot/web", "cogs"):
        for _, _, message, _, _ in extract_from_dir(
            str(ROOT / folder), [("**.py", "python")], keywords=_KEYWORDS
        ):
            found.update(() if isinstance(message, str) else message)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_plural_rule_is_the_languages_own(language: str) -> None:
    written = catalogue(language)
    own = Catalog(locale=Locale.parse(language, sep="-"))
    assert written.num_plurals == own.num_plurals
    assert written.plural_expr.strip("()") == own.plural_expr.strip("()")
    header = (LOCALES / language / "LC_MESSAGES" / "ketchup.po").read_text(encoding="utf-8")
    assert f"nplurals={own.num_plurals};" in header


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_with_a_number_has_every_form(language: str) -> None:
    written = catalogue(language)
    for message in written:
        if message.id and message.pluralizable:
            assert len(forms(message.string)) == written.num_plurals, message.id


def test_who_had_their_data_deleted_is_not_mentioned(english: Texts, japanese: Texts) -> None:
    assert english.person(17) == "<@17>"
    assert english.person(-17) == "erased member"
    assert japanese.person(-17) == "データを消去したメンバー"
