"""Texts in one spelling, so that what looks or reads alike can be compared."""

import unicodedata
from functools import cache
from typing import Final

_FILLERS: Final = frozenset("\u115f\u1160\u3164\uffa0")
"""Letters that show nothing."""
_VOICED: Final = {"\u309b": "\u3099", "\u309c": "\u309a"}
"""Japanese voicing marks that stand alone, as the ones that join the letter before."""
_VOICING: Final = frozenset("\u3099\u309a")
_STRUCK: Final = {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "ə": "e"}
_FANCY: Final = tuple(range(0x1F150, 0x1F16A)), tuple(range(0x1F170, 0x1F18A))
_FLAGS: Final = range(0x1F1E6, 0x1F200)
_MARKS: Final = (
    (0x0300, 0x036F), (0x0483, 0x0489), (0x0591, 0x05C7), (0x064B, 0x065F), (0x0670, 0x0670),
    (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE00, 0xFE0F), (0xFE20, 0xFE2F),
)  # fmt: skip
"""Combining marks that change no word; those of Thai or Hindi are letters in all but name."""
_WITHOUT_SPACES: Final = (
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1100, 0x11FF), (0x1780, 0x17FF), (0x3005, 0x3007),
    (0x3040, 0x30FF), (0x3130, 0x318F), (0x31F0, 0x31FF), (0x3400, 0x9FFF), (0xAC00, 0xD7AF),
    (0xF900, 0xFAFF), (0x20000, 0x3FFFF),
)  # fmt: skip
"""Thai, Lao, Burmese, Khmer, Japanese, Chinese and (for its endings) Korean."""


def fold(text: str, *, lookalikes_first: bool = False) -> str:
    """The text with lookalike letters, fancy alphabets, case, accents, invisible characters,
    half-width and katakana spellings made one. Spaces and punctuation stay.

    A capital may look like another letter than its small form – "В" like "B", "в" like none – so
    there are two orders, and whoever compares does it in both.
    """
    folded = _once(text, lookalikes_first=lookalikes_first)
    while (again := _once(folded, lookalikes_first=False)) != folded:
        folded = again  # what lost its accent may now look like another letter
    return folded


def _once(text: str, *, lookalikes_first: bool) -> str:
    plain = unicodedata.normalize("NFKC", "".join(map(_undressed, text)))
    if lookalikes_first:
        return _unmarked("".join(map(_lookalike, plain)).casefold())
    return _unmarked("".join(map(_lookalike, plain.casefold())))


def is_letter(character: str) -> bool:
    """A letter, a digit, or a vowel sign that is one in all but name."""
    return character.isalnum() or unicodedata.category(character) in {"Mn", "Mc"}


def is_without_spaces(character: str) -> bool:
    """Whether the character's script puts no spaces between words."""
    return _is_among(character, _WITHOUT_SPACES)


def _undressed(character: str) -> str:
    """Without letters' frames, and without what cannot be seen."""
    code = ord(character)
    if code < 0x80:
        return character
    for letters in (*_FANCY, _FLAGS):
        if letters[0] <= code <= letters[-1]:
            return chr(ord("a") + code - letters[0])
    if character in _FILLERS or unicodedata.category(character) == "Cf":
        return ""
    return _VOICED.get(character, character)


def _unmarked(text: str) -> str:
    """Without accents and the like; katakana as hiragana."""
    apart = unicodedata.normalize("NFKD", text)
    bare = "".join(character for character in apart if not _is_mark(character))
    composed = unicodedata.normalize("NFC", bare)
    return "".join(map(_hiragana, composed)).casefold()


def _is_mark(character: str) -> bool:
    if character in _VOICING:
        return False
    return unicodedata.category(character) in {"Me", "Cf"} or _is_among(character, _MARKS)


def _hiragana(character: str) -> str:
    code = ord(character)
    if 0x30A1 <= code <= 0x30F6 or 0x30FD <= code <= 0x30FE:
        return chr(code - 0x60)
    return _STRUCK.get(character, character)


@cache
def _lookalike(character: str) -> str:
    """The Latin letter that the character can be taken for, by Unicode's list of confusables."""
    if character.isascii() or not character.isalnum() or _is_among(character, _WITHOUT_SPACES):
        return character
    from confusable_homoglyphs import confusables  # eight megabytes, for few letters

    for other in confusables.confusables_data.get(character, ()):
        letter = other["c"]
        if len(letter) == 1 and letter.isascii() and letter.isalpha():
            return str(letter)
    return character


def _is_among(character: str, ranges: tuple[tuple[int, int], ...]) -> bool:
    code = ord(character)
    return code >= ranges[0][0] and any(low <= code <= high for low, high in ranges)
