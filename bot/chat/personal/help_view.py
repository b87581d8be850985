"""What ``/help`` shows: the ways to a picture, examples to begin with, the commands."""

from typing import Any, Final

import discord
from discord import ui

from bot.chat.controls import ControlItem, control_id
from bot.chat.layouts import GREEN
from bot.chat.modals import PROMPT
from bot.chat.translate import Texts

FEATURE: Final = "help"
TRY: Final = "try"
SEND: Final = "send"
EXAMPLES: Final = ("lighthouse", "poster", "animal")
_LIMIT: Final = 4000


def example(name: str, texts: Texts) -> tuple[str, str] | None:
    """The label of an example's button and its prompt; None for one that is no more."""
    match name:
        case "lighthouse":
            return (
                texts.gettext("A lighthouse at dawn"),
                texts.gettext("a lighthouse on a cliff at dawn, soft mist, gentle waves"),
            )
        case "poster":
            return (
                texts.gettext("A poster with words"),
                texts.gettext('a travel poster of a quiet harbor with the words "See the sea"'),
            )
        case "animal":
            return (
                texts.gettext("An animal at work"),
                texts.gettext("an otter as a baker in a tiny bakery, early morning light"),
            )
        case _:
            return None


class HelpView(ui.LayoutView):
    """Short; its buttons open a form and spend nothing."""

    def __init__(self, bot: str, texts: Texts, *, moderator: bool) -> None:
        super().__init__(timeout=None)
        parts: list[ui.Item[Any]] = [
            ui.TextDisplay(_ways(bot, texts)),
            ui.TextDisplay(texts.gettext("Try one – you can change the words before it is sent:")),
            _examples(texts),
            ui.Separator(),
            ui.TextDisplay(_commands(texts)),
        ]
        if moderator:
            parts.append(ui.TextDisplay(_for_moderators(texts)))
        self.add_item(ui.Container(*parts, accent_colour=GREEN))


def example_form(name: str, prompt: str, price: str, texts: Texts) -> ui.Modal:
    """The example's words, to be changed and sent."""
    modal = ui.Modal(
        title=texts.gettext("Make a picture"), custom_id=control_id(FEATURE, SEND, name)
    )
    modal.add_item(ui.TextDisplay(texts.gettext("This costs you {price}.", price=price)))
    words: ui.TextInput[Any] = ui.TextInput(
        custom_id=PROMPT, style=discord.TextStyle.paragraph, default=prompt, max_length=_LIMIT
    )
    modal.add_item(ui.Label(text=texts.gettext("Prompt"), component=words))
    return modal


def _ways(bot: str, texts: Texts) -> str:
    title = texts.gettext("How to make pictures")
    lines = [
        texts.gettext(
            "{imagine} makes pictures from words, and from pictures that you attach.",
            imagine=named("imagine", texts),
        ),
        texts.gettext("Reply to one of my pictures and mention {bot} to change it.", bot=bot),
        texts.gettext("Anybody's picture: open its message's menu, then Apps → Remix picture."),
    ]
    return "\n".join([f"## {title}", *(f"- {line}" for line in lines)])


def _examples(texts: Texts) -> ui.ActionRow[Any]:
    row: ui.ActionRow[Any] = ui.ActionRow()
    for name in EXAMPLES:
        found = example(name, texts)
        if found is not None:
            button = ui.Button[Any](label=found[0], custom_id=control_id(FEATURE, TRY, name))
            row.add_item(ControlItem(button))
    return row


def _commands(texts: Texts) -> str:
    lines = [
        (named("jobs", texts), texts.gettext("what is under way")),
        (named("cancel", texts), texts.gettext("stop it; free while it waits")),
        (named("gallery", texts), texts.gettext("all your pictures")),
        (named("credits", texts), texts.gettext("what you have and what pictures cost")),
        (named("preferences", texts), texts.gettext("your own defaults and language")),
        (named("privacy export", texts), texts.gettext("your data: take it along or delete it")),
    ]
    return "\n".join(
        texts.gettext("{command}: {what}", command=command, what=what) for command, what in lines
    )


def _for_moderators(texts: Texts) -> str:
    return texts.gettext(
        "For moderators: {setup} {usage} {reports}",
        setup=named("setup", texts),
        usage=named("usage overview", texts),
        reports=named("moderate reports", texts),
    )


def named(command: str, texts: Texts) -> str:
    """The command to click, with its name in the reader's language beside it: a translated name
    does nothing when it is clicked."""
    group, *rest = command.split()
    names = [texts.name("group_name" if rest else "command_name", group)]
    names += [
        texts.name(f"command_name {group}", part) or texts.name("command_name", part)
        for part in rest
    ]
    shown = " ".join(name for name in names if name)
    clickable = texts.command(command)
    if not shown:
        return clickable
    return texts.gettext("{command} ({name})", command=clickable, name=shown)
