"""``Picture details``: prompt, options, cost, and where a result comes from."""

import io
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import discord
from discord import ui

from bot.chat.asking.styling import style_name
from bot.chat.layouts import GREY, JobView, message_link
from bot.chat.results.loading import PictureLoader
from bot.chat.sentences import ending
from bot.chat.text import escape, length, provider_words, quoted
from bot.chat.translate import Texts, moment
from bot.domain.stages import JobStage
from bot.images.lineage import Node, draw_lineage
from bot.images.studio import Studio
from bot.service.delivery.cards import Card
from bot.service.pictures.details import Details, Relative, Where

_TREE: Final = "lineage.png"
_PROMPT_FILE: Final = "prompt.txt"
_LONGEST: Final = 2500
"""Discord takes 4000 characters in all; a longer prompt is a file."""
_AUTO: Final = "auto"
_SOURCES: Final = 4


class DetailsPage:
    """Draws the private answer."""

    def __init__(self, loader: PictureLoader, studio: Studio) -> None:
        self._loader = loader
        self._studio = studio

    async def draw(self, details: Details, texts: Texts) -> tuple[JobView, list[discord.File]]:
        """The message, with its files."""
        parts: list[ui.Item[Any]] = []
        files: list[discord.File] = []
        prompt = _prompt(details, texts)
        parts.append(ui.TextDisplay(prompt))
        if details.prompt is not None and _is_long(details.prompt):
            files.append(discord.File(io.BytesIO(details.prompt.encode()), _PROMPT_FILE))
            parts.append(ui.File(f"attachment://{_PROMPT_FILE}"))
        parts.append(ui.TextDisplay("\n".join(_facts(details, texts))))
        if len(details.family) > 1 or details.sources:
            parts.append(ui.Separator())
            if tree := await self._tree(details.family):
                files.append(discord.File(io.BytesIO(tree), _TREE))
                alt = texts.gettext("Where this picture comes from, as a tree")
                item = discord.MediaGalleryItem(f"attachment://{_TREE}", description=alt)
                parts.append(ui.MediaGallery(item))
            parts.append(ui.TextDisplay("\n".join(_family(details, texts))))
        return JobView(GREY, *parts), files

    async def _tree(self, family: Sequence[Relative]) -> bytes | None:
        """The drawn tree; None where there is only one picture, or no picture can be had."""
        if len(family) < 2:
            return None
        shown = [one.picture for one in family if one.picture is not None]
        loaded = await self._loader.load(shown)
        if not loaded:
            return None
        nodes = [
            Node(one.parent, loaded.get(one.picture.id) if one.picture else None, one.is_this)
            for one in family
        ]
        return await self._studio.run(lambda: draw_lineage(nodes))


def _is_long(prompt: str) -> bool:
    return length(escape(prompt)) > _LONGEST


def _prompt(details: Details, texts: Texts) -> str:
    if details.prompt is None:
        return texts.gettext("The prompt is not shown.")
    if _is_long(details.prompt):
        return texts.gettext('"{prompt}"', prompt=quoted(details.prompt))
    return texts.gettext('"{prompt}"', prompt=escape(details.prompt))


def _facts(details: Details, texts: Texts) -> list[str]:
    card = details.card
    lines = [texts.listed(texts.person(card.user_id), moment(card.created_at, "f"))]
    lines.append(texts.gettext("Model: {model}", model=quoted(card.model)))
    lines.append(texts.listed(*_options(card, texts)))
    if card.private:
        lines.append(texts.gettext("Private"))
    if _is_over(card):
        took = None
        if card.started_at is not None and card.finished_at is not None:
            took = texts.duration((card.finished_at - card.started_at) / 1000)
        lines.append(texts.listed(took, texts.priced(card.charged)))
        # As others read it: the service's own words follow for the requester alone.
        said = ending(replace(card, private=False), texts)
        if said is not None:
            lines.append(said)
    if details.reason is not None:
        lines.append(f"-# {provider_words(details.reason)}")
    return lines


def _is_over(card: Card) -> bool:
    return card.stage in {JobStage.DELIVERING, JobStage.DONE}


def _options(card: Card, texts: Texts) -> list[str]:
    options = [texts.pictures(card.count)]
    if card.aspect is not None and card.aspect != _AUTO:
        options.append(texts.gettext("aspect {aspect}", aspect=escape(card.aspect)))
    if card.style is not None:
        name = quoted(style_name(card.style, texts), 40)
        options.append(texts.gettext("style {style}", style=name))
    if card.references:
        options.append(
            texts.ngettext(
                "{count} reference picture",
                "{count} reference pictures",
                card.references,
                count=card.references,
            )
        )
    return options


def _family(details: Details, texts: Texts) -> list[str]:
    """The tree in words, with its links; the numbers are those of the drawing."""
    lines = []
    if details.sources:
        links = " ".join(filter(None, map(_link, details.sources[:_SOURCES])))
        lines.append(texts.gettext("Made from pictures in {links}", links=links))
    if len(details.family) < 2:
        return lines
    lines += [
        f"{number}\\. {_relative(one, texts)}" for number, one in enumerate(details.family, 1)
    ]
    return lines


def _relative(one: Relative, texts: Texts) -> str:
    if one.hidden or one.owner_id is None:
        return texts.gettext("not shown")
    state = None
    if one.is_this:
        state = texts.gettext("**this one**")
    elif one.picture is None:
        state = texts.gettext("deleted")
    place = _link(one.where) if one.where is not None else None
    return texts.listed(texts.person(one.owner_id), place, state)


def _link(where: Where) -> str | None:
    return message_link(where.guild_id, where.channel_id, where.message_id)
