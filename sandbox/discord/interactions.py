"""Interactions: how they reach the bot, and what becomes of the bot's answers."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence

from sandbox.clock import Clock
from sandbox.discord.appearance import Appearance
from sandbox.discord.compose import Composer, UploadedFile
from sandbox.discord.errors import (
    DiscordError,
    invalid,
    invalid_webhook_token,
    unknown_interaction,
)
from sandbox.discord.feed import Change, Event, Feed
from sandbox.discord.gateway import Gateway
from sandbox.discord.invocation import interaction
from sandbox.discord.limits.commands import check_choices
from sandbox.discord.limits.modals import check_modal
from sandbox.discord.messages import Messages
from sandbox.discord.model import (
    EPHEMERAL,
    LOADING,
    InteractionRecord,
    Json,
    Message,
    Origin,
    Reference,
    Snowflake,
)
from sandbox.discord.world import Snowflakes, World

TOKEN_LIFE_MS = 15 * 60 * 1000
ACKNOWLEDGE_SECONDS = 3.0
FOLLOWUPS_WITHOUT_THE_BOT = 5
PING, COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 1, 2, 3, 4, 5
MESSAGE, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
_ALLOWED = {
    COMMAND: {MESSAGE, DEFER, MODAL},
    COMPONENT: {MESSAGE, DEFER, DEFER_UPDATE, UPDATE, MODAL},
    AUTOCOMPLETE: {CHOICES},
    MODAL_SUBMIT: {MESSAGE, DEFER, DEFER_UPDATE, UPDATE},
}


class Interactions:
    """Sends interactions and takes the bot's callbacks and follow-ups."""

    def __init__(
        self,
        world: World,
        clock: Clock,
        ids: Snowflakes,
        composer: Composer,
        messages: Messages,
        appearance: Appearance,
        gateway: Gateway,
        feed: Feed,
        acknowledge_s: float,
    ) -> None:
        self._world = world
        self._clock = clock
        self._ids = ids
        self._composer = composer
        self._messages = messages
        self._appearance = appearance
        self._gateway = gateway
        self._feed = feed
        self._acknowledge_s = acknowledge_s
        self._by_token = {record.token: record for record in world.interactions.values()}
        self.unsaid: frozenset[str] = frozenset()
        """Optional fields that the bot is not told."""
        self._timers: dict[Snowflake, asyncio.TimerHandle] = {}

    def send(self, record: InteractionRecord, *, seen: Message | None = None) -> None:
        """Hand the interaction to the bot; it fails unless acknowledged in time."""
        self._world.interactions[record.id] = record
        self._by_token[record.token] = record
        told = interaction(self._world, self._appearance, record, seen)
        payload = {name: value for name, value in told.items() if name not in self.unsaid}
        self._gateway.last_interaction = (record.guild_id, payload)
        self._publish(record, "sent")
        loop = asyncio.get_running_loop()
        self._timers[record.id] = loop.call_later(self._acknowledge_s, self._time_out, record)
        self._gateway.dispatch("INTERACTION_CREATE", payload, guild_id=record.guild_id, intent=None)

    def fresh_token(self) -> str:
        return "aW50ZXJhY3Rpb246" + secrets.token_urlsafe(120)

    def callback(
        self, interaction_id: Snowflake, token: str, body: Json, files: Sequence[UploadedFile]
    ) -> tuple[InteractionRecord, Message | None]:
        """Take the bot's one answer: 10062 unknown or too late, 40060 a second time, 50035
        malformed.
        """
        record = self._world.interactions.get(interaction_id)
        if record is None or record.token != token or self._is_late(record):
            raise unknown_interaction()
        if record.response_type is not None:
            raise DiscordError(400, 40060, "Interaction has already been acknowledged.")
        kind = body.get("type")
        if kind not in _ALLOWED[record.type] or (kind == UPDATE and self._clicked(record) is None):
            allowed = ", ".join(map(str, sorted(_ALLOWED[record.type])))
            raise invalid(("type",), "BASE_TYPE_CHOICES", f"Value must be one of {{{allowed}}}.")
        message = self._respond(record, int(kind), body.get("data") or {}, files)
        record.response_type, record.responded_at = int(kind), self._clock.now_ms()
        if (timer := self._timers.pop(record.id, None)) is not None:
            timer.cancel()
        self._publish(
            record,
            {DEFER: "thinking", MODAL: "modal", CHOICES: "choices"}.get(int(kind), "answered"),
        )
        return record, message

    def by_token(self, token: str) -> InteractionRecord:
        """The interaction of a follow-up's token: 50027 once it is 15 minutes old, 10015 if there
        is none.
        """
        record = self._by_token.get(token)
        if record is None:
            raise DiscordError(404, 10015, "Unknown Webhook")
        if self._clock.now_ms() - record.created_at > TOKEN_LIFE_MS:
            raise invalid_webhook_token()
        return record

    def original(self, record: InteractionRecord) -> Message:
        """The message that ``@original`` means, or 10008 (10015 where nothing was answered yet)."""
        if record.response_type is None:
            raise DiscordError(404, 10015, "Unknown Webhook")
        message = self._world.messages.get(record.response_message_id or Snowflake(0))
        if message is None:
            raise DiscordError(404, 10008, "Unknown Message")
        return message

    def message_of(self, record: InteractionRecord, message_id: Snowflake) -> Message:
        """One of the messages that this interaction's token may touch, or 10008."""
        message = self._world.messages.get(message_id)
        if message is None or message_id not in (record.response_message_id, *record.followup_ids):
            raise DiscordError(404, 10008, "Unknown Message")
        return message

    def follow_up(
        self, record: InteractionRecord, body: Json, files: Sequence[UploadedFile]
    ) -> Message:
        """Post a follow-up; the first after a defer becomes the answer itself, as in Discord."""
        if record.response_type is None:
            raise DiscordError(404, 10015, "Unknown Webhook")
        waiting = self._world.messages.get(record.response_message_id or Snowflake(0))
        if record.response_type == DEFER and waiting is not None and waiting.is_loading:
            self.edit(record, waiting, body, files)
            return waiting
        if "0" not in record.owners and len(record.followup_ids) >= FOLLOWUPS_WITHOUT_THE_BOT:
            text = "Maximum number of follow up messages reached for this interaction"
            raise DiscordError(400, 40094, text)
        message = self._blank_message(record, body, is_followup=True)
        if record.response_message_id is not None:
            message.type = 19
            message.reference = Reference(
                record.response_message_id, record.channel_id, record.guild_id
            )
        self._composer.apply(message, body, files, is_new=True)
        record.followup_ids.append(message.id)
        self._messages.post(message)
        return message

    def edit(
        self, record: InteractionRecord, message: Message, body: Json, files: Sequence[UploadedFile]
    ) -> None:
        """Edit one of the interaction's messages.

        The first edit of a deferred answer does not mark it as edited.
        """
        was_loading = message.is_loading
        if not was_loading:
            self._messages.count_edit(message)
        self._composer.apply(message, body, files, is_new=False)
        self._messages.edited(message, by_author=not was_loading)
        self._publish(record, "answered")

    def close(self) -> None:
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()

    def _respond(
        self, record: InteractionRecord, kind: int, data: Json, files: Sequence[UploadedFile]
    ) -> Message | None:
        match kind:
            case 4:
                message = self._blank_message(record, data, is_followup=False)
                self._composer.apply(message, data, files, is_new=True)
                return self._answer(record, message)
            case 5:
                message = self._blank_message(record, data, is_followup=False)
                message.flags |= LOADING
                return self._answer(record, message)
            case 6 | 7:
                clicked = self._clicked(record)
                if clicked is not None and kind == UPDATE:
                    self._composer.apply(clicked, data, files, is_new=False)
                    self._messages.edited(clicked)
                record.response_message_id = clicked.id if clicked is not None else None
                return clicked
            case 8:
                check_choices(data.get("choices") or [])
                record.choices = list(data.get("choices") or [])
            case _:
                check_modal(data)
                record.modal = data
        return None

    def _answer(self, record: InteractionRecord, message: Message) -> Message:
        record.response_message_id = message.id
        self._messages.post(message)
        return message

    def _clicked(self, record: InteractionRecord) -> Message | None:
        return self._world.messages.get(record.source_message_id or Snowflake(0))

    def _blank_message(
        self, record: InteractionRecord, data: Json, *, is_followup: bool
    ) -> Message:
        flags = int(data.get("flags") or 0) & EPHEMERAL
        is_command = record.type == COMMAND
        answers = is_command and not is_followup
        return Message(
            id=self._ids.next(),
            channel_id=record.channel_id,
            guild_id=record.guild_id,
            author_id=self._world.bot_id,
            created_at=self._clock.now_ms(),
            type=(20 if record.data.get("type", 1) == 1 else 23) if answers else 0,
            flags=flags,
            application_id=self._world.application_id,
            webhook_id=self._world.application_id,
            origin=Origin(
                record.id,
                record.type,
                record.user_id,
                record.data.get("name") if is_command else None,
                record.owners,
                is_followup,
                record.source_message_id,
            ),
            ephemeral_for=record.user_id if flags else None,
        )

    def _is_late(self, record: InteractionRecord) -> bool:
        if record.response_type is not None:
            return False
        waited_ms = self._clock.now_ms() - record.created_at
        return record.failed or waited_ms > self._acknowledge_s * 1000

    def _time_out(self, record: InteractionRecord) -> None:
        self._timers.pop(record.id, None)
        record.failed = True
        self._publish(record, "failed")

    def _publish(self, record: InteractionRecord, state: str) -> None:
        payload: Json = {
            "id": str(record.id),
            "type": record.type,
            "user_id": str(record.user_id),
            "state": state,
            "command": record.data.get("name"),
            "custom_id": record.data.get("custom_id"),
            "response_message_id": str(record.response_message_id)
            if record.response_message_id
            else None,
            "modal": record.modal if state == "modal" else None,
            "choices": record.choices if state == "choices" else None,
        }
        self._feed.publish(Event(Change.INTERACTION, payload, record.channel_id, record.user_id))
