"""Every sentence in the reader's language.

The English sentences stand in the code; each other language is one file of pairs,
``bot/locales/<language>/LC_MESSAGES/ketchup.po``. They are read at start as they are: nothing
has to be compiled, and the wheel carries the same file that translators edit.
"""

import gettext
import io
import re
from collections.abc import Callable
from decimal import Decimal
from functools import cache, lru_cache, reduce
from pathlib import Path
from typing import Final

from babel import Locale
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from bot.chat.text import quoted
from bot.domain.ids import is_pseudonym
from bot.domain.money import CREDIT, format_credits
from bot.errors import UserError

LOCALES: Final = Path(__file__).parent.parent / "locales"
FALLBACK: Final = "en"
_NAMED: Final = 5
_MENTION: Final = re.compile(r"<(?:@[!&]?|#)\d+>")

Mention = Callable[[str], str]
"""A command's name → how it is written so that it can be clicked."""


def slash(name: str) -> str:
    """A command as it is typed, for where it cannot be clicked."""
    return f"`/{name}`"


def credit_form(amount: int) -> int:
    """The number whose grammatical form goes with an amount of credits: one, or several."""
    return 1 if amount == CREDIT else 2


@cache
def load_translations(language: str, folder: Path = LOCALES) -> gettext.GNUTranslations:
    """The translations of one language from its ``.po`` file. Sentences that it leaves out stay
    English."""
    with (folder / language / "LC_MESSAGES" / "ketchup.po").open("rb") as file:
        catalogue = read_po(file, locale=Locale.parse(language, sep="-"), abort_invalid=True)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


class Texts:
    """Sentences, numbers and moments in one language.

    Values put into a sentence must be safe to show: foreign text passes ``bot.chat.text`` first.
    """

    def __init__(
        self, language: str, translations: gettext.NullTranslations, mention: Mention = slash
    ) -> None:
        self.language = language
        self.command = mention
        self._translations = translations
        self._locale = Locale.parse(language, sep="-")

    def gettext(self, message: str, /, **values: str | int) -> str:
        """The sentence with its places filled; whole numbers are grouped as usual there."""
        return self._filled(self._translations.gettext(message), values)

    def ngettext(self, one: str, many: str, number: int, /, **values: str | int) -> str:
        """The sentence in the form that goes with the number."""
        return self._filled(self._translations.ngettext(one, many, number), values)

    def name(self, kind: str, message: str) -> str | None:
        """A command's, option's or choice's name; None where the language has none of its own."""
        found = self._translations.pgettext(kind, message)
        return None if found == message else found

    def number(self, number: int | Decimal) -> str:
        return _grouped(number, self._locale)

    def credits(self, amount: int) -> str:
        """Micro-credits as a plain number of credits: ``0.5``."""
        return self.number(Decimal(format_credits(amount)))

    def priced(self, amount: int) -> str:
        """Micro-credits with their unit: ``0.5 credits``, ``0.5クレジット``."""
        shown = self.credits(amount)
        return self.ngettext(
            "{amount} credit", "{amount} credits", credit_form(amount), amount=shown
        )

    def pictures(self, count: int) -> str:
        return self.ngettext("{count} picture", "{count} pictures", count, count=count)

    def person(self, user_id: int) -> str:
        """A mention; who has had their data deleted cannot be mentioned any more."""
        if is_pseudonym(user_id):
            return self.gettext("erased member")
        return f"<@{user_id}>"

    def duration(self, seconds: float) -> str:
        """About how long: ``40 s`` up to a minute and a half, then ``3 min``."""
        if seconds <= 90:
            return self.gettext("{seconds} s", seconds=max(1, round(seconds)))
        return self.gettext("{minutes} min", minutes=round(seconds / 60))

    def ordinal(self, number: int) -> str:
        """``1st``, ``2nd`` …, ``1番目``."""
        match self._locale.ordinal_form(number):
            case "one":
                return self.gettext("{number}st", number=number)
            case "two":
                return self.gettext("{number}nd", number=number)
            case "few":
                return self.gettext("{number}rd", number=number)
            case _:
                return self.gettext("{number}th", number=number)

    def listed(self, *items: str | None) -> str:
        """The items on one line, with a middle dot between them; None is left out."""
        return self.gettext(" · ").join(item for item in items if item)

    def joined(self, *sentences: str) -> str:
        """Sentences one after the other, with a space between them where the language has one."""
        return reduce(
            lambda one, other: self.gettext("{one} {other}", one=one, other=other), sentences
        )

    def either(self, *items: str) -> str:
        """``a, b, or c``; of many, the first few."""
        return format_list(items[:_NAMED], style="or", locale=self._locale)

    def error(self, error: UserError, *, public: bool = False) -> str:
        """The error's sentence, with its amounts, moments, commands and foreign names; where
        everybody reads it (``public``), without what concerns the member alone."""
        if public and error.in_public is not None:
            return self._translations.gettext(error.in_public)
        message = error.template()
        if error.values.get("count") == 1:
            message = getattr(error, "singular", message)
        values = {key: self._value(key, value) for key, value in error.values.items()}
        return self._filled(self._translations.gettext(message), values)

    def _value(self, key: str, value: object) -> str:
        match key, value:
            case (("price" | "cap"), int()):
                return self.priced(value)
            case "balance", int():
                return self.credits(value)
            case (("refill" | "resume" | "until"), int()):
                return moment(value, {"refill": "R", "resume": "D"}.get(key, "f"))
            case (("jobs" | "imagine" | "gallery" | "setup"), str()):
                return self.command(value)
            case _, int():
                return self.number(value)
            case "ch", tuple():
                return self.either(*(f"<#{channel}>" for channel in value))
            case "allowed", tuple():
                return self.either(*(f"<@&{role}>" for role in value))
            case _:
                text = str(value)
                return text if _MENTION.fullmatch(text) else quoted(text)

    def _filled(self, message: str, values: dict[str, str] | dict[str, str | int]) -> str:
        shown = {
            key: self.number(value) if isinstance(value, int) else value
            for key, value in values.items()
        }
        return message.format_map(shown) if shown else message


@lru_cache(maxsize=1024)
def _grouped(number: int | Decimal, locale: Locale) -> str:
    return format_decimal(number, format="#,##0.######", locale=locale)


def moment(millis: int, style: str) -> str:
    """A moment as every reader's own client writes it: ``R`` from now, ``D`` the date."""
    return f"<t:{millis // 1000}:{style}>"


class Catalogues:
    """The texts of every language under ``bot/locales``: each is a folder named as Discord names
    the language (``ja``, ``pt-BR``) with one file in it. Nothing else has to know of it."""

    def __init__(self, mention: Mention = slash, folder: Path = LOCALES) -> None:
        languages = sorted(path.name for path in folder.iterdir() if path.is_dir())
        self._texts = {
            language: Texts(language, load_translations(language, folder), mention)
            for language in languages
        }

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self._texts)

    def of(self, locale: str) -> Texts:
        """The texts for a Discord locale such as ``ja`` or ``en-GB``; English where none fit."""
        known = self._texts.get(locale) or self._texts.get(locale.partition("-")[0])
        return known or self._texts[FALLBACK]
