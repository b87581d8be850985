"""An interaction as the person who started it sees it."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.discord.backend import Backend
from sandbox.discord.model import InteractionRecord, Json, Snowflake
from sandbox.discord.rooms import until

NO_ANSWER = "The application did not respond"


class NotRespondedError(Exception):
    """The bot did not acknowledge within 3 s.

    The client shows "The application did not respond".
    """


@dataclass(frozen=True, slots=True)
class Interaction:
    """A command, click or submitted modal on its way to the bot and back."""

    backend: Backend
    record: InteractionRecord

    @property
    def id(self) -> Snowflake:
        return self.record.id

    @property
    def token(self) -> str:
        return self.record.token

    @property
    def failed(self) -> bool:
        """No acknowledgement came within 3 s."""
        return self.record.failed

    @property
    def acknowledged_after(self) -> float | None:
        """Seconds of the sandbox clock until the bot acknowledged."""
        if self.record.responded_at is None:
            return None
        return (self.record.responded_at - self.record.created_at) / 1000

    @property
    def modal(self) -> Json | None:
        """The modal that the bot opened, as it sent it."""
        return self.record.modal

    @property
    def message(self) -> Json | None:
        """The answer as it stands now (also while "thinking"), None if there is none."""
        return self._seen(self.record.response_message_id)

    @property
    def followups(self) -> list[Json]:
        """The follow-up messages that still exist, in order."""
        return [m for m in map(self._seen, self.record.followup_ids) if m is not None]

    async def acknowledged(self, timeout: float = 10.0) -> float:
        """Seconds until the bot acknowledged.

        NotRespondedError if it failed to, TimeoutError if still open.
        """
        return await until(self.backend, self._acknowledged, timeout)

    async def response(self, timeout: float = 10.0) -> Json:
        """The answer once it is more than "thinking"; for an update of a message: that message.

        A follow-up is the answer where it has taken the place of a "thinking" that was deleted.
        """
        return await until(self.backend, self._answer, timeout)

    async def followup(self, timeout: float = 10.0) -> Json:
        """The newest follow-up, waiting for the first."""
        return await until(
            self.backend, lambda: self.followups[-1] if self.followups else None, timeout
        )

    async def opened_modal(self, timeout: float = 10.0) -> Json:
        """The modal as soon as the bot has opened it."""
        return await until(self.backend, self._modal, timeout)

    async def choices(self, timeout: float = 10.0) -> list[Json]:
        """The suggestions of an autocomplete."""
        return await until(self.backend, self._choices, timeout)

    async def has_failed(self, timeout: float = 10.0) -> None:
        """Return once the client shows "The application did not respond"."""
        await until(self.backend, lambda: True if self.record.failed else None, timeout)

    def _seen(self, message_id: Snowflake | None) -> Json | None:
        message = self.backend.world.messages.get(message_id or Snowflake(0))
        return None if message is None else self.backend.appearance.message(message)

    def _raise_if_failed(self) -> None:
        if self.record.failed:
            raise NotRespondedError(NO_ANSWER)

    def _acknowledged(self) -> float | None:
        self._raise_if_failed()
        return self.acknowledged_after

    def _modal(self) -> Json | None:
        self._raise_if_failed()
        return self.record.modal

    def _choices(self) -> list[Json] | None:
        self._raise_if_failed()
        return self.record.choices

    def _answer(self) -> Json | None:
        self._raise_if_failed()
        message = self.backend.world.messages.get(self.record.response_message_id or Snowflake(0))
        if message is None and self.followups:
            return self.followups[0]
        is_there = (
            message is not None and not message.is_loading and self.record.response_type is not None
        )
        return self.message if is_there else None
