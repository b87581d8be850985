"""Foreign text – prompts, provider words, names – made safe to show inside a message."""

import re
import unicodedata
from typing import Final

ALT_LIMIT: Final = 1024
"""Discord's limit for the description of one picture."""
PROMPT_COLUMNS: Final = 120
"""About two lines of a message on a desktop; a full-width character fills two columns."""
WORDS_COLUMNS: Final = 400

_ELLIPSIS: Final = "…"
_SPECIAL: Final = re.compile(r"[\\*_~`|<>\[\]@#]|:(?=//)")
_LIST: Final = re.compile(r"^(\s*)([-+])", re.MULTILINE)
_NUMBERED: Final = re.compile(r"^(\s*\d+)([.)])", re.MULTILINE)
_ADDRESS: Final = re.compile(
    r"""[a-z][a-z0-9+.-]*://\S+                     # with a scheme
      | \b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?(?:/\S*)? # IPv4
      | \[[0-9a-f:]*:[0-9a-f:.]*\](?::\d+)?         # IPv6 in brackets
      | \b(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+|/)\S*   # a host with a port or path
      | \bwww\.\S+ | \blocalhost\b(?::\d+)?\S*""",
    re.VERBOSE | re.IGNORECASE,
)
_JOINS_BOTH_SIDES: Final = "\u200d"


def escape(text: str) -> str:
    """The text as Discord shows it literally: no markdown, mention, link, heading or list.

    A backslash before punctuation is not shown. Pings are also closed by ``allowed_mentions``.
    """
    escaped = _SPECIAL.sub(r"\\\g<0>", text)
    return _NUMBERED.sub(r"\1\\\2", _LIST.sub(r"\1\\\2", escaped))


def one_line(text: str) -> str:
    """The text without line breaks, control and direction characters."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    kept = "".join(
        character if character in "\u200c\u200d" or not _is_hidden(character) else " "
        for character in text
    )
    return " ".join(kept.split())


def quoted(text: str, columns: int = PROMPT_COLUMNS) -> str:
    """Foreign text for the middle of a sentence: one paragraph of about so many columns."""
    return escape(cut_columns(one_line(text), columns))


def provider_words(text: str, columns: int = WORDS_COLUMNS) -> str:
    """What the image service said, without addresses."""
    return quoted(_ADDRESS.sub(_ELLIPSIS, text), columns)


def alt_text(prompt: str) -> str:
    """A prompt as the description of a picture. It is read aloud and never seen as markdown, so
    that backslashes would only disturb."""
    return cut(one_line(prompt), ALT_LIMIT)


def length(text: str) -> int:
    """The length as Discord's strictest counter has it: UTF-16 units."""
    return len(text) + sum(character > "\uffff" for character in text)


def cut(text: str, limit: int) -> str:
    """At most ``limit`` units long, ending with "…" where something was left out."""
    if length(text) <= limit:
        return text
    end, room = 0, limit - 1
    for character in text:
        room -= length(character)
        if room < 0:
            break
        end += 1
    return _ended(text, end)


def cut_columns(text: str, columns: int) -> str:
    """At most so many columns wide, ending with "…" where something was left out.

    Never longer than four characters per column, whatever is stacked upon them.
    """
    if text.isascii() and len(text) <= columns:
        return text
    widths = [_width(character) for character in text]
    if sum(widths) <= columns and len(text) <= 4 * columns:
        return text
    end, room = 0, columns - 1
    for width in widths[: 4 * columns - 1]:
        room -= width
        if room < 0:
            break
        end += 1
    return _ended(text, end)


def _ended(text: str, end: int) -> str:
    """The first ``end`` characters and "…", without tearing a composed character apart."""
    while end > 0 and end < len(text) and _is_joined(text[end - 1], text[end]):
        end -= 1
    return text[:end].rstrip() + _ELLIPSIS


def _is_joined(before: str, after: str) -> bool:
    return _JOINS_BOTH_SIDES in {before, after} or _width(after) == 0


def _width(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _is_hidden(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
