"""What moderators are shown about blocks and forbidden words."""

from collections.abc import Sequence
from typing import Any, Final

from discord import ui

from bot.chat.controls import ControlItem, control_id
from bot.chat.layouts import GREY, JobView
from bot.chat.moderators.audit_view import FEATURE
from bot.chat.text import cut, length, quoted
from bot.chat.translate import Texts, moment
from bot.service.moderators.moderating import Blocked
from bot.storage.moderators.blocks import Block
from bot.storage.moderators.words import Word

SHOWN_BLOCKS: Final = 12
"""Each takes three of Discord's forty components."""
_REASON_COLUMNS: Final = 80
_LIST_LENGTH: Final = 3500


def blocked_sentence(made: Blocked, texts: Texts) -> str:
    """What a block came to."""
    member = f"<@{made.block.user_id}>"
    if made.block.until is None:
        sentence = texts.gettext(
            "{member} can't make pictures here until you lift it.", member=member
        )
    else:
        sentence = texts.gettext(
            "{member} can't make pictures here until {until}.",
            member=member,
            until=moment(made.block.until, "f"),
        )
    if not made.cancelled:
        return sentence
    cancelled = texts.ngettext(
        "{count} waiting job was cancelled.",
        "{count} waiting jobs were cancelled.",
        made.cancelled,
        count=made.cancelled,
    )
    return f"{sentence}\n-# {cancelled}"


def blocks_view(blocks: Sequence[Block], texts: Texts) -> JobView:
    """Who is blocked, each with a button to lift it."""
    if not blocks:
        return JobView(GREY, ui.TextDisplay(texts.gettext("Nobody is blocked here.")))
    parts: list[ui.Item[Any]] = []
    for block in blocks[:SHOWN_BLOCKS]:
        parts.append(ui.TextDisplay(_block(block, texts)))
        row: ui.ActionRow[Any] = ui.ActionRow()
        lift: ui.Button[Any] = ui.Button(
            label=texts.gettext("Unblock"),
            custom_id=control_id(FEATURE, "unblock", str(block.user_id)),
        )
        row.add_item(ControlItem(lift))
        parts.append(row)
    if len(blocks) > SHOWN_BLOCKS:
        parts.append(
            ui.TextDisplay(
                texts.gettext("-# There are more: name the member to unblock one of them.")
            )
        )
    return JobView(GREY, *parts)


def _block(block: Block, texts: Texts) -> str:
    until = (
        texts.gettext("until it is lifted")
        if block.until is None
        else texts.gettext("until {until}", until=moment(block.until, "f"))
    )
    reason = cut(quoted(block.reason, _REASON_COLUMNS), 160) if block.reason else None
    return f"{texts.listed(f'<@{block.user_id}>', until, reason)}\n-# <@{block.by}> " + moment(
        block.at, "R"
    )


def words_view(words: Sequence[Word], texts: Texts) -> JobView:
    """The forbidden phrases, as many as fit into a message."""
    if not words:
        empty = texts.gettext("No phrases are forbidden here.")
        return JobView(GREY, ui.TextDisplay(empty))
    head = texts.ngettext(
        "**{count} forbidden phrase**", "**{count} forbidden phrases**", len(words),
        count=len(words),
    )  # fmt: skip
    shown: list[str] = []
    room = _LIST_LENGTH
    for word in words:
        text = quoted(word.phrase)
        room -= length(text) + 3
        if room < 0:
            break
        shown.append(text)
    rest = len(words) - len(shown)
    lines = [head, texts.listed(*shown)]
    if rest:
        note = texts.gettext("and {count} more", count=rest)
        lines.append(f"-# {note}")
    return JobView(GREY, ui.TextDisplay("\n".join(lines)))
