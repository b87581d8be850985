"""A job as its one message: Components V2, drawn anew for each edit."""

from collections.abc import Sequence
from typing import Any, Final, assert_never

import discord
from discord import ui

from bot.chat.asking.styling import style_name
from bot.chat.buttons import Action, JobButton
from bot.chat.controls import ControlItem, control_id
from bot.chat.sentences import ending, progress, unused_notes
from bot.chat.text import alt_text, escape, quoted
from bot.chat.translate import Catalogues, Texts
from bot.domain.ids import ChannelId, GuildId, MessageId
from bot.domain.stages import JobOutcome, JobStage
from bot.service.delivery.cards import Card, ParentLink

GREY: Final = 0x8E9297
BLUE: Final = 0x0072B2
GREEN: Final = 0x009E73
RED: Final = 0xD55E00
AMBER: Final = 0xE69F00
"""The colours of ``experience.md``, which colour-blind readers can tell apart. The words say
the same."""

_CHANNELS: Final = "https://discord.com/channels"
_AUTO: Final = "auto"


class JobView(ui.LayoutView):
    """One container. Buttons are all :class:`JobButton`, so that nothing has to be remembered."""

    def __init__(self, colour: int, *parts: ui.Item[Any]) -> None:
        super().__init__(timeout=None)
        self.add_item(ui.Container(*parts, accent_colour=colour))


def card_view(
    card: Card, texts: Texts, files: Sequence[str] = (), *, shrunk: bool = False
) -> JobView:
    """The message of a job in its present state.

    ``files`` are the names of the attachments that the gallery shows, at most ten; ``shrunk``
    says that one of them was made smaller to fit.
    """
    parts: list[ui.Item[Any]] = []
    if _shows_prompt(card):
        prompt = quoted(card.prompt)
        parts.append(ui.TextDisplay(texts.gettext('"{prompt}"', prompt=prompt)))
    if files:
        parts.append(picture_gallery(card.prompt, files))
    if card.stage in {JobStage.DELIVERING, JobStage.DONE}:
        sentence = ending(card, texts)
    else:
        sentence = progress(card, texts)
    if sentence:
        parts.append(ui.TextDisplay(sentence))
    parts.append(ui.TextDisplay(_footer(card, texts)))
    parts += [ui.TextDisplay(f"-# {note}") for note in _notes(card, texts, shrunk=shrunk)]
    if buttons := _buttons(card, texts):
        parts.append(_row(buttons))
    return JobView(_colour(card), *parts)


def note_view(sentence: str, *buttons: JobButton) -> JobView:
    """A private sentence, with buttons under it."""
    row = [_row(buttons)] if buttons else []
    return JobView(GREY, ui.TextDisplay(sentence), *row)


class Drawer:
    """Draws cards in the language of their readers."""

    def __init__(self, catalogues: Catalogues) -> None:
        self._catalogues = catalogues

    def __call__(self, card: Card, files: Sequence[str] = (), *, shrunk: bool = False) -> JobView:
        """The card's message; in the member's own language where nobody else sees it."""
        locale = card.locale if card.private else card.public_locale
        return card_view(card, self._catalogues.of(locale), files, shrunk=shrunk)


def _row(buttons: Sequence[JobButton | ControlItem]) -> ui.ActionRow[Any]:
    row: ui.ActionRow[Any] = ui.ActionRow()
    for button in buttons:
        row.add_item(button)
    return row


def _is_ended(card: Card) -> bool:
    return card.stage in {JobStage.DELIVERING, JobStage.DONE}


def _has_pictures(card: Card) -> bool:
    return card.outcome in {JobOutcome.PICTURES, JobOutcome.PARTLY}


def _shows_prompt(card: Card) -> bool:
    """What failed may have been declined for its words: they are not shown to others again."""
    return not _is_ended(card) or _has_pictures(card)


def picture_gallery(prompt: str, files: Sequence[str]) -> ui.MediaGallery[Any]:
    """Attached files, at most ten; their alt text is the prompt."""
    description = alt_text(prompt) or None
    return ui.MediaGallery(
        *(
            discord.MediaGalleryItem(f"attachment://{name}", description=description)
            for name in files[:10]
        )
    )


def _footer(card: Card, texts: Texts) -> str:
    """Who asked for it, and what is known of it so far."""
    member = f"<@{card.user_id}>"
    if not _is_ended(card):
        aspect = None if card.aspect == _AUTO else card.aspect
        asked = (quoted(card.model), aspect and escape(aspect), _style(card, texts))
        return f"-# {texts.listed(member, *asked, _count(card, texts))}"
    if not _has_pictures(card):
        return f"-# {member}"
    parent = _parent(card.parent, texts) if card.parent else None
    price = texts.priced(card.charged) if card.outcome is JobOutcome.PICTURES else None
    return f"-# {texts.listed(member, _took(card, texts), price, parent)}"


def _style(card: Card, texts: Texts) -> str | None:
    return quoted(style_name(card.style, texts), 40) if card.style else None


def _count(card: Card, texts: Texts) -> str | None:
    return texts.pictures(card.count) if card.count > 1 else None


def _took(card: Card, texts: Texts) -> str | None:
    if card.started_at is None or card.finished_at is None:
        return None
    return texts.duration((card.finished_at - card.started_at) / 1000)


def _parent(parent: ParentLink, texts: Texts) -> str:
    member = f"<@{parent.user_id}>"
    link = message_link(parent.guild_id, parent.channel_id, parent.message_id)
    if link is None:
        return texts.gettext("remixed from {member}", member=member)
    return texts.gettext("remixed from {link} {member}", link=link, member=member)


def message_link(
    guild_id: GuildId | None, channel_id: ChannelId, message_id: MessageId | None
) -> str | None:
    """A small arrow that leads to a message; None where there is none."""
    if message_id is None:
        return None
    return f"[↗]({_CHANNELS}/{guild_id or '@me'}/{channel_id}/{message_id})"


def _notes(card: Card, texts: Texts, *, shrunk: bool) -> list[str]:
    notes = unused_notes(card.unused, texts) if card.unused and _shows_prompt(card) else []
    if shrunk:
        notes.append(texts.gettext("Made smaller to fit into Discord's upload limit."))
    if card.private and (not _is_ended(card) or _has_pictures(card)):
        notes.append(
            texts.gettext(
                "Only you see this. It vanishes when Discord reloads but stays in {gallery}."
                " Moderators can review it.",
                gallery=texts.command("gallery"),
            )
        )
    return notes


def _buttons(card: Card, texts: Texts) -> Sequence[JobButton | ControlItem]:
    if not _is_ended(card):
        if card.stopped:
            return []
        return [JobButton(Action.CANCEL, card.job_id, texts.gettext("Cancel"))]
    primary = discord.ButtonStyle.primary
    if _has_pictures(card):
        return [
            JobButton(Action.REMIX, card.job_id, texts.gettext("Remix"), primary),
            JobButton(Action.AGAIN, card.job_id, texts.gettext("Again")),
            ControlItem(
                ui.Button(
                    label=texts.gettext("More"),
                    custom_id=control_id("result", "more", card.job_id),
                )
            ),
        ]
    if card.outcome is not JobOutcome.FAILED:
        return []
    return [
        JobButton(Action.TRY_AGAIN, card.job_id, texts.gettext("Try again"), primary),
        JobButton(Action.EDIT_PROMPT, card.job_id, texts.gettext("Edit prompt")),
    ]


def _colour(card: Card) -> int:
    if not _is_ended(card):
        painting = card.stage is JobStage.RUNNING and not card.stopped
        return BLUE if painting else GREY
    match card.outcome:
        case JobOutcome.PICTURES:
            return GREEN
        case JobOutcome.PARTLY:
            return AMBER
        case JobOutcome.FAILED:
            return RED
        case JobOutcome.CANCELLED | JobOutcome.DISCARDED | None:
            return GREY
        case _:
            assert_never(card.outcome)
