"""The card of each case in the moderators' channel: posted once, and brought up to date."""

from typing import Final

from bot.domain.backoff import delivery_pause
from bot.domain.clock import Clock
from bot.domain.ids import ChannelId, MessageId, Millis
from bot.domain.policy import DELIVERY_PATIENCE_MS
from bot.service.delivery.cards import TryLater
from bot.service.moderators.case_files import CaseFile, CaseFiles
from bot.storage import Database
from bot.storage.moderators import cases

_ATTEMPT_MS: Final = 60_000
"""Longer than one attempt may take; after it, another one begins."""


class CaseCards:
    """Each method is one transaction."""

    def __init__(self, database: Database, clock: Clock, files: CaseFiles) -> None:
        self._database = database
        self._clock = clock
        self._files = files

    async def claim(self) -> CaseFile | None:
        """The next case whose card is behind, which nobody else is given meanwhile."""
        now = self._clock()
        async with self._database.read() as reader:
            if await cases.next_behind(reader, now) is None:
                return None
        async with self._database.write() as tx:
            case = await cases.next_behind(tx, now)
            if case is None or not await cases.claim(tx, case, Millis(now + _ATTEMPT_MS)):
                return None
            return await self._files.read(tx, case, pictures=case.outcome is None)

    async def posting(self, file: CaseFile) -> None:
        """The card is about to be sent for the first time: from now on it may be there."""
        async with self._database.write() as tx:
            await cases.posting(tx, file.job_id, self._clock())

    async def shown(self, file: CaseFile, channel_id: ChannelId, message_id: MessageId) -> None:
        """The card shows the case."""
        async with self._database.write() as tx:
            await cases.placed(tx, file.job_id, channel_id, message_id)
            await cases.shown(tx, file.job_id, file.case.version, self._clock())

    async def unshowable(self, file: CaseFile) -> None:
        """There is no channel for it, or no way into it: ``/moderate reports`` has the case."""
        async with self._database.write() as tx:
            await cases.shown(tx, file.job_id, file.case.version, self._clock())

    async def try_later(self, file: CaseFile, why: TryLater) -> bool:
        """Show it after a pause; False when a day has passed and it is given up."""
        now, case = self._clock(), file.case
        if now - case.changed_at > DELIVERY_PATIENCE_MS:
            await self.unshowable(file)
            return False
        pause = max(delivery_pause(case.attempts + 1), int((why.after_s or 0) * 1000))
        async with self._database.write() as tx:
            await cases.postpone(tx, file.job_id, case.version, Millis(now + pause))
        return True
