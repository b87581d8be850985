"""What a member asks for, checked as far as it can be without a download."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.domain.catalogue import Catalogue, Model
from bot.domain.ids import ChannelId, GuildId, JobId, MessageId, Millis, UserId
from bot.errors import (
    AspectError,
    CountError,
    EmptyPromptError,
    PromptTooLongError,
    ReferenceSizeError,
    ReferenceTypeError,
    TooManyReferencesError,
)

MAX_COUNT: Final = 4
REFERENCE_TYPES: Final = frozenset({"image/png", "image/jpeg", "image/webp"})
REFERENCE_MAX_BYTES: Final = 25 * 1024 * 1024
REFERENCE_MAX_PIXELS: Final = 40_000_000
_KEPT_CONTROLS: Final = frozenset("\n\t")


class Context(StrEnum):
    """Where an interaction happened, in Discord's terms."""

    GUILD = "guild"
    BOT_DM = "bot_dm"
    PRIVATE_CHANNEL = "private_channel"


@dataclass(frozen=True, slots=True)
class Reference:
    """A picture that the API shall look at.

    The ids say where the link can be renewed: a picture of a message by reading that message
    again, an attachment of a slash command by its address alone (then ``message_id`` is None).
    ``media_type``, ``size`` (bytes), ``width`` and ``height`` (pixels) are what Discord declares.
    """

    url: str
    name: str
    media_type: str | None = None
    size: int | None = None
    width: int | None = None
    height: int | None = None
    channel_id: ChannelId | None = None
    message_id: MessageId | None = None

    @property
    def is_too_large(self) -> bool:
        """As far as Discord declares its size."""
        pixels = (self.width or 0) * (self.height or 0)
        return (self.size or 0) > REFERENCE_MAX_BYTES or pixels > REFERENCE_MAX_PIXELS


@dataclass(frozen=True, slots=True)
class Place:
    """Where the request was made and how it can be answered there.

    ``token`` answers the interaction until ``token_expires_at``; a mention has none, its message
    ``reply_to`` is answered.
    ``public_locale`` is the language of text that everybody sees, ``locale`` the member's own.
    """

    channel_id: ChannelId
    user_id: UserId
    locale: str
    public_locale: str
    guild_id: GuildId | None = None
    context: Context = Context.GUILD
    user_install: bool = False
    reply_to: MessageId | None = None
    token: str | None = None
    token_expires_at: Millis | None = None
    roles: tuple[int, ...] = ()
    parent_channel_id: ChannelId | None = None
    """The channel that a thread or forum post hangs in."""
    age_restricted: bool = False
    """Whether Discord restricts the channel, or a thread's parent, to adults."""


@dataclass(frozen=True, slots=True)
class Unused:
    """Names of pictures that came with the request and are not used: those beyond the fourth,
    those of a wrong type, and those that are too large."""

    left_out: tuple[str, ...] = ()
    unusable: tuple[str, ...] = ()
    too_large: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GenerationRequest:
    """One request for 1 to 4 pictures. ``key`` is the id of the interaction or message: a
    second request with the same key is the same request.

    With ``own_defaults`` an empty ``model`` and an ``aspect`` or ``style`` of None stand for what
    the member has chosen in ``/preferences``; without, they are asked for as they are.
    """

    key: str
    place: Place
    prompt: str
    model: str
    count: int = 1
    aspect: str | None = None
    style: str | None = None
    style_words: str | None = None
    """What the style adds to the prompt for the API; looked up where it is not known yet."""
    references: tuple[Reference, ...] = ()
    unused: Unused | None = None
    private: bool = False
    parent: JobId | None = None
    own_defaults: bool = False

    @property
    def painted(self) -> str:
        """The prompt as the API gets it."""
        return with_style(self.prompt, self.style_words)


def with_style(prompt: str, words: str | None) -> str:
    """A prompt with the words of a style, as the API gets it."""
    return f"{prompt}\n\nStyle: {words}" if words else prompt


def clean_prompt(text: str) -> str:
    """The prompt as it is kept: NFC, without control and format characters, trimmed.

    Zero-width joiners stay, because emoji and several scripts need them.
    """
    normal = unicodedata.normalize("NFC", text)
    return "".join(
        character
        for character in normal
        if character in _KEPT_CONTROLS
        or character in "\u200c\u200d"
        or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    ).strip()


def checked(request: GenerationRequest, catalogue: Catalogue) -> Model:
    """The model of a request that can be sent as it is.

    Raises:
        InvalidRequestError: with the sentence for the member; nothing has been spent.
    """
    model = catalogue.get(request.model)
    if not request.prompt:
        raise EmptyPromptError
    if len(request.painted) > model.prompt_limit:
        raise PromptTooLongError(length=len(request.painted), limit=model.prompt_limit)
    if not 1 <= request.count <= MAX_COUNT:
        raise CountError(limit=MAX_COUNT)
    if request.aspect is not None and request.aspect not in model.aspects:
        raise AspectError(model=model.label, aspect=request.aspect)
    if len(request.references) > model.max_references:
        raise TooManyReferencesError(model=model.label, limit=model.max_references)
    _check_references(request.references)
    return model


def _check_references(references: Sequence[Reference]) -> None:
    """All that cannot be used are named, those of a wrong type first."""
    if wrong := [one.name for one in references if _is_of_wrong_type(one)]:
        raise ReferenceTypeError(name=", ".join(wrong))
    if large := [one.name for one in references if one.is_too_large]:
        raise ReferenceSizeError(
            name=", ".join(large),
            limit=REFERENCE_MAX_BYTES // 1024 // 1024,
            pixels=REFERENCE_MAX_PIXELS // 1_000_000,
        )


def _is_of_wrong_type(reference: Reference) -> bool:
    media_type = (reference.media_type or "").partition(";")[0].strip().lower()
    return bool(media_type) and media_type not in REFERENCE_TYPES
