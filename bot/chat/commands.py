"""The commands as Discord knows them: translated, sent only when changed, clickable by id."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import discord
import orjson
import structlog
from discord import app_commands

from bot.chat.ports import SyncedCommands
from bot.chat.translate import Catalogues, slash

GLOBAL: Final = "global"
_SCOPES: Final = "scopes"
_GONE: Final = frozenset({403, 404})


class CommandMentions:
    """Writes a command so that a click on it fills it in: ``</imagine:1234>``."""

    def __init__(self) -> None:
        self._ids: dict[str, int] = {}

    def __call__(self, name: str) -> str:
        """The command, or with its subcommand such as ``usage overview``."""
        known = self._ids.get(name.partition(" ")[0])
        return slash(name) if known is None else f"</{name}:{known}>"

    def id_of(self, name: str) -> int | None:
        """Discord's id of the command; None until the commands were sent."""
        return self._ids.get(name)

    def know(self, ids: Mapping[str, int]) -> None:
        """These commands have these ids."""
        self._ids.update(ids)


class CommandTranslator(app_commands.Translator):
    """Gives discord.py the commands' names and descriptions in every language but English.

    In the catalogues their context is where they stand: ``command_name``, ``choice_name`` …. Where
    a word means different things, ``locale_str(…, of="privacy")`` tells them apart: its context
    is ``command_name privacy``.
    """

    def __init__(self, catalogues: Catalogues) -> None:
        self._catalogues = catalogues

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        texts = self._catalogues.of(locale.value)
        if not locale.value.startswith(texts.language):
            return None
        return texts.name(kind_of(string, context), string.message)


def kind_of(string: app_commands.locale_str, context: app_commands.TranslationContextTypes) -> str:
    """The context of a name in the catalogues."""
    return " ".join(filter(None, (context.location.name, string.extras.get("of"))))


class CommandSync:
    """Brings Discord's commands up to date with the tree's."""

    def __init__(
        self,
        tree: app_commands.CommandTree[Any],
        store: SyncedCommands,
        mentions: CommandMentions,
        guild_ids: Sequence[int] = (),
    ) -> None:
        self._tree = tree
        self._store = store
        self._mentions = mentions
        self._guilds = [discord.Object(guild_id) for guild_id in guild_ids]
        self._log = structlog.get_logger("bot.chat.commands")

    async def sync(self) -> None:
        """Send what has changed; commands stay only where they are wanted now."""
        for guild in self._guilds:
            self._tree.copy_global_to(guild=guild)
        scopes: list[discord.Object | None] = [*self._guilds] or [None]
        wanted = [_name(scope) for scope in scopes]
        known = orjson.loads(await self._store.get(_SCOPES) or "[]")
        await self._store.set(_SCOPES, orjson.dumps(sorted({*wanted, *known})).decode())
        for scope in scopes:
            await self._bring(scope)
        for name in set(known) - set(wanted):
            await self._clear(name)
        await self._store.set(_SCOPES, orjson.dumps(sorted(wanted)).decode())

    async def _bring(self, scope: discord.Object | None) -> None:
        name, payload = _name(scope), await self._payload(scope)
        fingerprint = self._fingerprint(payload)
        kept = orjson.loads(await self._store.get(name) or "{}")
        if kept.get("fingerprint") != fingerprint or not await self._are_there(scope, kept["ids"]):
            ids = await self._send(scope, payload)
            kept = {"fingerprint": fingerprint, "ids": ids}
            await self._store.set(name, orjson.dumps(kept).decode())
            self._log.info("commands sent", scope=name, count=len(ids))
        self._mentions.know(kept["ids"])

    async def _payload(self, scope: discord.Object | None) -> list[dict[str, Any]]:
        """What Discord is to know, in an order that does not depend on when a cog was loaded."""
        payload = [
            await command.get_translated_payload(self._tree, self._tree.translator)
            if self._tree.translator
            else command.to_dict(self._tree)
            for command in self._tree.get_commands(guild=scope)
        ]
        return sorted(payload, key=lambda command: (command.get("type", 1), command["name"]))

    def _fingerprint(self, payload: Sequence[Mapping[str, Any]]) -> str:
        """Of exactly what would be sent, and of the application that it would be sent for."""
        text = json.dumps([self._tree.client.application_id, payload], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    async def _are_there(self, scope: discord.Object | None, ids: Mapping[str, int]) -> bool:
        """Whether nobody has changed what was sent; where that can't be told it is assumed."""
        http, application_id = self._tree.client.http, self._tree.client.application_id or 0
        try:
            found = await (
                http.get_global_commands(application_id)
                if scope is None
                else http.get_guild_commands(application_id, scope.id)
            )
        except discord.HTTPException as error:
            self._log.warning("cannot look which commands there are", cause=str(error))
            return True
        return _ids(found) == ids

    async def _send(
        self, scope: discord.Object | None, payload: list[dict[str, Any]]
    ) -> dict[str, int]:
        """The commands' ids by their names.

        Raises:
            discord.app_commands.CommandSyncFailure: Discord does not take one of them.
        """
        http, application_id = self._tree.client.http, self._tree.client.application_id or 0
        try:
            sent = await (
                http.bulk_upsert_global_commands(application_id, payload=payload)
                if scope is None
                else http.bulk_upsert_guild_commands(application_id, scope.id, payload=payload)
            )
        except discord.HTTPException as error:
            if error.status == 400:
                commands = self._tree.get_commands(guild=scope)
                raise app_commands.CommandSyncFailure(error, commands) from None
            raise
        return _ids(sent)

    async def _clear(self, name: str) -> None:
        """Remove the commands from a scope of earlier settings."""
        client = self._tree.client
        application_id = client.application_id or 0
        try:
            if name == GLOBAL:
                await client.http.bulk_upsert_global_commands(application_id, payload=[])
            else:
                await client.http.bulk_upsert_guild_commands(application_id, int(name), payload=[])
        except discord.HTTPException as error:
            if error.status not in _GONE:  # the bot has left that server
                raise
        await self._store.set(name, "{}")
        self._log.info("commands removed", scope=name)


def _name(scope: discord.Object | None) -> str:
    return GLOBAL if scope is None else str(scope.id)


def _ids(commands: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    return {str(command["name"]): int(command["id"]) for command in commands}
