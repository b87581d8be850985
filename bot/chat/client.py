"""The bot's connection to Discord."""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

import discord
import yarl
from discord import app_commands
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.chat.actions import Actions
from bot.chat.buttons import Action, JobButton, read_custom_id
from bot.chat.commands import CommandMentions, CommandSync, CommandTranslator
from bot.chat.controls import Control, ControlItem, Feature, read_control_id
from bot.chat.leniency import be_lenient
from bot.chat.modals import submitted_id
from bot.chat.places import in_own_server
from bot.chat.ports import Acknowledgements, Languages, SyncedCommands
from bot.chat.refusing import refuse
from bot.chat.responding import Interaction, received
from bot.chat.translate import Catalogues
from bot.domain.ids import JobId, UserId
from bot.errors import DirectMessagesClosedError, RestartingError, UserError

_READY_S: Final = 0.05
"""discord.py's own two seconds wait for members that we never ask for."""


_LANGUAGE_S: Final = 0.5
_LOCALES: Final = {"en": discord.Locale.american_english, "ja": discord.Locale.japanese}

_LONGEST_429_S: Final = 30.0
"""A longer pause is not slept through inside discord.py, where nobody could tell its end."""


def use_api(api_url: str) -> None:
    """Make discord.py speak to this address; to be called before the first login.

    discord.py keeps the address in a class attribute, so this holds for the whole process: one
    process speaks to one Discord. The gateway's address is asked there after the login.
    """
    Route.BASE = api_url.rstrip("/")
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # we never speak


def intents() -> discord.Intents:
    """Servers, and messages without their content: mentions and deletions. Nothing privileged."""
    return discord.Intents(guilds=True, guild_messages=True, dm_messages=True)


class CommandTree(app_commands.CommandTree["ChatClient"]):
    """Errors of commands go the one way, and so do commands while the bot is stopping."""

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        """Runs in the command's own task, before the command."""
        try:
            self.client.begin_answer()
            await self.client.speak_as_chosen(interaction)
            self.client.require_open(interaction)
        except UserError as error:  # discord.py hands on only its own kind from here
            await self.client.refuse(interaction, error)
            return False
        return True

    async def on_error(
        self, interaction: Interaction, error: app_commands.AppCommandError, /
    ) -> None:
        await self.client.refuse(interaction, error)


class ChatClient(commands.AutoShardedBot):
    """Receives what members do and hands it on. It holds no state of its own."""

    def __init__(
        self,
        *,
        catalogues: Catalogues,
        mentions: CommandMentions,
        synced: SyncedCommands,
        acknowledgements: Acknowledgements,
        languages: Languages | None = None,
        sync_guilds: Sequence[int] = (),
        shard_ids: Sequence[int] | None = None,
        shard_count: int | None = None,
        direct: bool = True,
    ) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=CommandTree,
            intents=intents(),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            guild_ready_timeout=_READY_S,
            max_ratelimit_timeout=_LONGEST_429_S,
            shard_count=shard_count,
        )
        be_lenient(self)
        if shard_ids is not None:
            self.shard_ids = list(shard_ids)
        self.acknowledgements = acknowledgements
        self._languages = languages
        self._actions: Actions | None = None
        self._features: Mapping[str, Feature] = {}
        self._catalogues = catalogues
        self._sync = CommandSync(self.tree, synced, mentions, sync_guilds)
        self._cogs_to_load: Sequence[commands.Cog] = ()
        self._answering: set[asyncio.Task[Any]] = set()
        self._stopping = False
        self._direct = direct

    def equip(
        self,
        actions: Actions,
        cogs: Sequence[commands.Cog],
        features: Mapping[str, Feature] | None = None,
    ) -> None:
        """What members' actions lead to. Given before the login, and not to the constructor,
        because answering them needs this client."""
        self._actions = actions
        self._cogs_to_load = cogs
        self._features = features or {}

    def connected(self) -> bool:
        """Whether members' commands arrive: every shard of this process has an open connection.

        discord.py's own ``is_ready`` stays true when a connection is lost later.
        """
        open_shards = [not shard.is_closed() for shard in self.shards.values()]
        return self.is_ready() and not self.is_closed() and bool(open_shards) and all(open_shards)

    def offers(self, feature: str) -> bool:
        """Whether buttons of this feature lead anywhere."""
        return feature in self._features

    async def setup_hook(self) -> None:
        """Everything between the login and the connection.

        It is done again when the client is opened anew: closing has removed the cogs, and
        reopening the buttons.
        """
        _, gateway, _ = await self.http.get_bot_gateway()
        # A session that cannot be resumed starts anew at this address, also process-wide.
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)
        self.add_dynamic_items(JobButton, ControlItem)
        for cog in self._cogs_to_load:
            # discord.py 2.7.1 removes a cog's group by the cog's name, so the group is still there.
            await self.add_cog(cog, override=True)
        await self.tree.set_translator(CommandTranslator(self._catalogues))
        await self._sync.sync()

    async def reopen(self) -> None:
        """Make a closed client ready for another login.

        discord.py 2.7.1 keeps two things of the closed one. It would build the next session on
        the connector that it has closed. And the last entry of the shards' queue still says that
        the client is closed: the next connection would end at once and leave its shard running.
        """
        self.clear()
        self.http.connector = discord.utils.MISSING
        await self._async_setup_hook()  # makes the queue anew

    async def on_message(self, message: discord.Message, /) -> None:
        """Messages are no commands."""

    async def on_interaction(self, interaction: Interaction) -> None:
        """Start the clock for every interaction; take modals, which discord.py would drop when
        another process had opened them."""
        received(interaction)
        if interaction.type is discord.InteractionType.modal_submit:
            modal_id = submitted_id(interaction)
            if (sent := read_custom_id(modal_id)) is not None:
                await self.perform(interaction, *sent)
            elif (control := read_control_id(modal_id)) is not None:
                await self.perform_control(interaction, control)

    async def perform(self, interaction: Interaction, action: Action, job_id: JobId) -> None:
        """A button or modal of a job's message."""
        if self._actions is None:
            raise RuntimeError("the client was not equipped before its login")
        await self._perform(interaction, self._actions.perform(interaction, action, job_id))

    async def perform_control(self, interaction: Interaction, control: Control) -> None:
        """A button, select or modal of a feature; ids of features that are gone are ignored."""
        feature = self._features.get(control.feature)
        if feature is not None:
            work = feature.perform(interaction, control.action, control.subject)
            await self._perform(interaction, work)

    async def _perform(self, interaction: Interaction, work: Coroutine[Any, Any, None]) -> None:
        try:
            self.begin_answer()
            await self.speak_as_chosen(interaction)
            await work
        except Exception as error:
            # discord.py would only log it, and the member would wait in vain.
            await self.refuse(interaction, error)
        finally:
            work.close()  # not begun while the bot is stopping

    async def speak_as_chosen(self, interaction: Interaction) -> None:
        """Let the language that the person has chosen hold for everything that follows.

        Whoever cannot be looked up in time is answered in the language of their Discord.
        """
        if self._languages is None:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(_LANGUAGE_S):
                chosen = await self._languages.language(UserId(interaction.user.id))
            if chosen is not None and not str(interaction.locale).startswith(chosen):
                interaction.locale = _LOCALES[chosen]

    def begin_answer(self) -> None:
        """The running task answers a member: it may end before everything is closed.

        Raises:
            RestartingError: the bot takes nothing new.
        """
        if self._stopping:
            raise RestartingError
        task = asyncio.current_task()
        if task is not None:
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)

    def require_open(self, interaction: Interaction) -> None:
        """Let a command pass where commands are offered.

        A client may still show what was offered before ``DIRECT_CREDITS`` was set to 0.

        Raises:
            DirectMessagesClosedError: nothing works outside of servers that have the bot.
        """
        if not self._direct and not in_own_server(interaction):
            raise DirectMessagesClosedError(imagine="imagine")

    async def finish_answers(self, patience_s: float) -> None:
        """Take nothing new, and wait for the answers that are under way."""
        self._stopping = True
        if self._answering:
            await asyncio.wait(self._answering, timeout=patience_s)

    async def refuse(self, interaction: Interaction, error: BaseException) -> None:
        """The one way of errors to members."""
        await refuse(interaction, error, self._catalogues)
