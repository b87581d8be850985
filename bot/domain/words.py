"""Phrases that a server's prompts may not hold, found in spite of disguises.

Both sides are folded first (:mod:`bot.domain.folding`). Then a phrase is looked for letter by
letter, and what stands between the letters is judged:

* A phrase of a script with spaces is found as whole words: "ass" is not found in "class". Words of
  four letters and more are found in their plural too. A ``*`` at an end stands for more letters.
* Between two letters of a word there may be punctuation ("b.a.d"), or spaces if the word is spelled
  out letter by letter ("b a d") or has six letters or more ("ba nana").
* A phrase in Japanese or another script without spaces is found anywhere, also with spaces or marks
  in between, but not across the end of a sentence or clause.
* Digits and signs count as letters ("p0rn", "@ss") where most of the word are true letters: "a55"
  stays a road.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from bot.domain.folding import fold, is_letter, is_without_spaces

MAX_PHRASE: Final = 100
"""Characters that a phrase may have."""

_PLURAL_FROM: Final = 4
_LOOSE_FROM: Final = 6
_NOT_ACROSS: Final = frozenset("、。!?,.;\n")
_APOSTROPHES: Final = frozenset("'’")
_LEET: Final = {"a": "4@", "e": "3", "i": "1!", "l": "1", "o": "0", "s": "5$", "t": "7"}
_PLAINEST: Final = str.maketrans(
    {"l": "i"}
    | {sign: "i" if letter == "l" else letter for letter, signs in _LEET.items() for sign in signs}
)
_SIGNS: Final = "@$!"
_GAP: Final = rf"((?:[^\w{_SIGNS}]|_){{0,3}})"


@dataclass(frozen=True, slots=True)
class Form:
    """One spelling of a phrase as it is looked for."""

    words: tuple[str, ...]
    skeleton: str
    pattern: "re.Pattern[str]"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase as its moderator typed it, ready to be looked for; made by :func:`phrase`.

    ``folded`` is the same for all spellings that find the same.
    """

    text: str
    folded: str
    forms: tuple[Form, ...]
    anywhere: bool
    """Its script has no spaces: it is found inside longer words."""
    open_start: bool
    open_end: bool


@dataclass(frozen=True, slots=True)
class Folded:
    """A prompt in every spelling in which phrases are looked for."""

    spellings: tuple[tuple[str, str], ...]
    """Each with its skeleton, by which most phrases can be ruled out at once."""


@lru_cache(maxsize=4096)
def phrase(text: str) -> Phrase | None:
    """The phrase, or None where it has no letter or digit to look for."""
    stripped = text.strip()
    spellings = [_words(fold(stripped, lookalikes_first=first)) for first in (False, True)]
    forms = tuple(
        Form(words, _skeleton("".join(words)), _pattern("".join(words)))
        for words in dict.fromkeys(spellings)
        if words
    )
    if not forms:
        return None
    open_start, open_end = stripped.startswith("*"), stripped.endswith("*")
    before, after = "*" if open_start else "", "*" if open_end else ""
    return Phrase(
        text=stripped,
        folded=f"{before}{' '.join(forms[0].words)}{after}",
        forms=forms,
        anywhere=any(map(is_without_spaces, "".join(forms[0].words))),
        open_start=open_start,
        open_end=open_end,
    )


def folded(prompt: str) -> Folded:
    """The prompt, folded once for all phrases."""
    found: dict[str, None] = {}
    for first in (False, True):
        spelling = fold(prompt, lookalikes_first=first)
        for variant in (spelling, _shortened(spelling, r"\1"), _shortened(spelling, r"\1\1")):
            found.setdefault(variant)
    return Folded(tuple((spelling, _skeleton(spelling)) for spelling in found))


def is_found(wanted: Phrase, prompt: Folded) -> bool:
    """Whether the prompt holds the phrase."""
    return any(
        _counts(wanted, form, spelling, match)
        for form in wanted.forms
        for spelling, skeleton in prompt.spellings
        if form.skeleton in skeleton
        for match in form.pattern.finditer(spelling)
    )


def first_found(phrases: Iterable[str], prompt: str) -> str | None:
    """The first of these phrases that the prompt holds."""
    known = [made for text in phrases if (made := phrase(text)) is not None]
    if not known:
        return None
    text = folded(prompt)
    return next((wanted.text for wanted in known if is_found(wanted, text)), None)


def _words(text: str) -> tuple[str, ...]:
    """The words: runs of letters, digits, and the signs that stand inside them."""
    spaced = "".join(letter if is_letter(letter) or letter in _SIGNS else " " for letter in text)
    found = [word.strip("!") for word in spaced.split()]
    return tuple(word for word in found if any(map(is_letter, word)))


def _shortened(text: str, by: str) -> str:
    """With every letter that is repeated three times and more written once, or twice."""
    return re.sub(r"([^\W\d_])\1{2,}", by, text)


def _skeleton(text: str) -> str:
    """Only letters, in their plainest form, each run of the same one as one: a quick sieve."""
    plain = text.translate(_PLAINEST)
    letters = [letter for letter in plain if letter.isalnum()]
    return "".join(
        letter for before, letter in zip(["", *letters], letters, strict=False) if letter != before
    )


def _pattern(letters: str) -> "re.Pattern[str]":
    """Letter by letter; ahead, so that matches may overlap."""
    each = [re.escape(letter) + re.escape(_LEET.get(letter, "")) for letter in letters]
    parts = _GAP.join(f"([{one}])" for one in each)
    return re.compile(f"(?={parts})")


def _counts(wanted: Phrase, form: Form, text: str, match: "re.Match[str]") -> bool:
    """Whether the letters that were found are the phrase and not a part of other words."""
    groups = match.groups("")
    letters, gaps = groups[::2], groups[1::2]
    if not _mostly_letters(letters, "".join(form.words)):
        return False
    start, end = match.start(1), match.end(len(groups))
    if wanted.anywhere:
        return not any(set(gap) & _NOT_ACROSS for gap in gaps)
    at = 0
    for word in form.words:
        if not _is_disguise(gaps[at : at + len(word) - 1], len(word)):
            return False
        at += len(word)
    plural = len(form.words[-1]) >= _PLURAL_FROM
    return _begins(wanted, text, start) and _ends(wanted, text, end, plural=plural)


def _mostly_letters(letters: tuple[str, ...], meant: str) -> bool:
    """Fewer signs and digits in the place of letters than letters."""
    replaced = sum(found != own for found, own in zip(letters, meant, strict=True))
    return replaced * 2 < len(letters)


def _is_disguise(gaps: tuple[str, ...], length: int) -> bool:
    """Whether what stands between a word's letters, if anything, does not make it other words."""
    if not any(gaps) or all(gaps) or length >= _LOOSE_FROM:
        return True
    return not any(
        gap in _APOSTROPHES or any(map(str.isspace, gap)) for gap in gaps if gap
    )  # "he'll" is not "hell", and "pen is" are two words


def _begins(wanted: Phrase, text: str, start: int) -> bool:
    return wanted.open_start or start == 0 or not is_letter(text[start - 1])


def _ends(wanted: Phrase, text: str, end: int, *, plural: bool) -> bool:
    if wanted.open_end or _is_boundary(text, end):
        return True
    endings = ("s", "es") if plural else ()
    return any(
        text.startswith(ending, end) and _is_boundary(text, end + len(ending)) for ending in endings
    )


def _is_boundary(text: str, at: int) -> bool:
    return at >= len(text) or not is_letter(text[at])
