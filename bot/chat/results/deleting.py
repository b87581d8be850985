"""Deleting pictures in one call: here for good, and out of their messages."""

from collections.abc import Collection

from bot.chat.delivery.takedown import Removed, Remover
from bot.domain.ids import GuildId, JobId, PictureId, UserId
from bot.service.pictures.deleting import Deleting


class Deletions:
    """What a result's menu, report cards and galleries do when something is to be deleted."""

    def __init__(self, deleting: Deleting, remover: Remover) -> None:
        self._deleting = deleting
        self._remover = remover

    async def delete(
        self,
        job_id: JobId,
        picture_ids: Collection[PictureId] | None,
        *,
        by: UserId,
        moderator: bool,
        guild_id: GuildId | None,
        reason: str | None = None,
    ) -> Removed:
        """Delete these pictures of a job, or all of them (None).

        Say what it came to with :func:`bot.chat.delivery.takedown.removed_sentence`. It may take
        some seconds: acknowledge before.

        Raises:
            JobGoneError, NotYoursError, StillUnderWayError: nothing was deleted.
        """
        await self._deleting.delete(
            job_id, picture_ids, by=by, moderator=moderator, guild_id=guild_id, reason=reason
        )
        return await self._remover.remove(job_id)
