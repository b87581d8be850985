"""Styles: a name that members pick, and the words that it adds to what the image API is asked."""

import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from typing import Final, NamedTuple

from bot.domain.request import GenerationRequest
from bot.errors import UnknownStyleError


class Style(NamedTuple):
    """``key`` is what is stored of a built-in style; a server's own has its name there."""

    key: str
    words: str


BUILT_IN: Final = (
    Style("photo", "photorealistic photograph, natural light, fine detail"),
    Style("watercolor", "loose watercolor painting on textured paper, soft edges"),
    Style("oil", "oil painting with visible brush strokes and rich colors"),
    Style("ink", "Japanese sumi-e ink wash painting, few confident strokes, empty space"),
    Style("anime", "hand-drawn anime film still, clean lines, painted background"),
    Style("comic", "comic book panel, bold outlines, flat colors, halftone shading"),
    Style("pixel", "16-bit pixel art, limited palette, crisp pixels"),
    Style("clay", "stop-motion clay figures on a small set, soft studio light"),
)
"""Their names in every language are in ``bot.chat.asking.styling``."""


def find_style(name: str, own: Mapping[str, str]) -> Style | None:
    """The style of this name: one of the server's own (name → words), else a built-in one by its
    key. Case and width do not matter."""
    wanted = folded(name)
    for known, words in own.items():
        if folded(known) == wanted:
            return Style(known, words)
    return next((style for style in BUILT_IN if style.key == wanted), None)


def folded(name: str) -> str:
    """A name as it is compared."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def styled(
    request: GenerationRequest, own: Mapping[str, str], default: str | None = None
) -> GenerationRequest:
    """The request with its style's words; with the member's ``default`` where it names no style
    and asks for their own defaults. A repeated request keeps the words that it had.

    Raises:
        UnknownStyleError: the style that was named is neither the server's nor built in.
    """
    if request.style_words is not None:
        return request
    if request.style is not None:
        found = find_style(request.style, own)
        if found is None:
            raise UnknownStyleError(style=request.style)
    else:
        found = find_style(default, own) if default and request.own_defaults else None
    if found is None:
        return request
    return replace(request, style=found.key, style_words=found.words)
