"""The commands as they would be sent to Discord, without a connection."""

from typing import Any
from unittest.mock import create_autospec

import discord
from discord import app_commands
from discord.ext import commands

from bot.chat.actions import Actions
from bot.chat.asking.answer import Answers
from bot.chat.asking.remixes import Remixes
from bot.chat.asking.styling import Styles
from bot.chat.asking.suggesting import Suggestions
from bot.chat.commands import CommandTranslator, kind_of
from bot.chat.figures.usage import UsageReports
from bot.chat.galleries.gallery import Galleries
from bot.chat.moderators.moderation import Moderation
from bot.chat.moderators.reports import Reports
from bot.chat.personal.helping import Help
from bot.chat.personal.preferences_panel import PreferencesPanel
from bot.chat.personal.privacy import Privacy
from bot.chat.results.result_menu import ResultMenus
from bot.chat.rights import Moderators
from bot.chat.setup.panel import SetupPanel
from bot.chat.translate import Catalogues
from bot.service.money.wallet import Wallets
from bot.service.pictures.listing import Listing
from cogs.credit_admin import CreditAdmin
from cogs.credits import Credits
from cogs.details import Details
from cogs.gallery import GalleryCommand
from cogs.help import HelpCommand
from cogs.imagine import Imagine
from cogs.jobs import Jobs
from cogs.moderate import Moderate
from cogs.preferences import PreferencesCommand
from cogs.privacy import PrivacyCommand
from cogs.remix import Remix
from cogs.report import Report
from cogs.setup import Setup
from cogs.usage import UsageCommands


class Recorder(app_commands.Translator):
    """Notes what discord.py wants to have translated."""

    def __init__(self) -> None:
        self.asked: set[tuple[str | None, str]] = set()

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        self.asked.add((kind_of(string, context), string.message))
        return None


def make_cogs(tree: app_commands.CommandTree[Any], *, direct: bool = False) -> list[commands.Cog]:
    """Every cog that has commands."""
    suggestions = create_autospec(Suggestions, instance=True)
    answers = create_autospec(Answers, instance=True)
    wallets = create_autospec(Wallets, instance=True)
    catalogues = create_autospec(Catalogues, instance=True)
    actions, listing = (
        create_autospec(Actions, instance=True),
        create_autospec(Listing, instance=True),
    )
    moderators = create_autospec(Moderators, instance=True)
    return [
        Imagine(answers, suggestions, create_autospec(Styles, instance=True), direct=direct),
        Jobs(listing, actions, moderators, catalogues, direct=direct),
        Credits(wallets, answers, catalogues, direct=direct),
        CreditAdmin(wallets, catalogues),
        Remix(create_autospec(Remixes, instance=True), tree, direct=direct),
        Moderate(
            create_autospec(Moderation, instance=True),
            create_autospec(Reports, instance=True),
            moderators,
        ),
        Report(create_autospec(Reports, instance=True), tree),
        Setup(create_autospec(SetupPanel, instance=True)),
        HelpCommand(create_autospec(Help, instance=True), direct=direct),
        PreferencesCommand(create_autospec(PreferencesPanel, instance=True), direct=direct),
        Details(create_autospec(ResultMenus, instance=True), tree, direct=direct),
        UsageCommands(create_autospec(UsageReports, instance=True)),
        GalleryCommand(create_autospec(Galleries, instance=True), direct=direct),
        PrivacyCommand(create_autospec(Privacy, instance=True), direct=direct),
    ]


async def payloads(translator: app_commands.Translator, *, direct: bool = False) -> list[Any]:
    """What the PUT would carry."""
    bot = commands.Bot(command_prefix=commands.when_mentioned, intents=discord.Intents.none())
    for cog in make_cogs(bot.tree, direct=direct):
        await bot.add_cog(cog)
    return [
        await command.get_translated_payload(bot.tree, translator)
        for command in bot.tree.get_commands()
    ]


async def command_names() -> set[tuple[str | None, str]]:
    """Every name and description of commands, options and choices, with its context."""
    recorder = Recorder()
    await payloads(recorder)
    return recorder.asked


async def translated(*, direct: bool = False) -> dict[str, Any]:
    """The payloads in both languages, by command."""
    translator = CommandTranslator(Catalogues())
    return {command["name"]: command for command in await payloads(translator, direct=direct)}
