"""What members reported: looked at and decided here as on the card in Discord."""

from dataclasses import dataclass
from typing import Final

from aiohttp import web

from bot.domain.clock import Clock
from bot.domain.ids import JobId, Millis
from bot.domain.reports import CaseAction
from bot.service.dashboard.oversight import Oversight
from bot.service.moderators.case_files import CaseFile
from bot.service.moderators.casework import Casework, Decision
from bot.storage.work.pictures import Kept
from bot.web.dashboard.frame import Frame, root_of, see
from bot.web.dashboard.ports import Directory
from bot.web.dashboard.visits import Door, Visit, field, number

SHOWN: Final = 25
_DAY_MS: Final = 86_400_000
_ID: Final = 26


@dataclass(frozen=True, slots=True)
class Reported:
    """A case with the pictures that are left."""

    file: CaseFile
    pictures: tuple[Kept, ...]


class ReportPages:
    """The oldest open reports first, then what was decided lately."""

    def __init__(
        self,
        door: Door,
        frame: Frame,
        casework: Casework,
        oversight: Oversight,
        directory: Directory,
        clock: Clock,
    ) -> None:
        self._door = door
        self._frame = frame
        self._casework = casework
        self._oversight = oversight
        self._directory = directory
        self._clock = clock

    async def show(self, request: web.Request) -> web.Response:
        """Every open report, 25 at most."""
        visit = await self._door.visit(request)
        waiting, count = await self._casework.open_cases(visit.guild_id, SHOWN)
        closed = await self._casework.closed_cases(visit.guild_id, SHOWN)
        people = {file.case.author_id for file in (*waiting, *closed)}
        people |= {step.by for file in closed for step in file.case.done}
        return await self._frame.page(
            request, visit, "reports", visit.words.gettext("Reports"),
            cases=[await self._reported(visit, file) for file in waiting], count=count,
            closed=closed, actions=CaseAction, key=visit.new_key(),
            names=await self._directory.members(visit.guild_id, people),
        )  # fmt: skip

    async def act(self, request: web.Request) -> web.Response:
        """Delete, refund, block or dismiss."""
        visit, form = await self._door.act(request)
        known = {action.value: action for action in CaseAction}
        action = known.get(field(form, "action", 20))
        job_id = request.match_info["job"]
        if action is None or len(job_id) != _ID:
            raise web.HTTPNotFound
        days = number(field(form, "days", 4))
        decision = Decision(
            action, visit.session.user_id,
            until=None if days is None else Millis(self._clock() + days * _DAY_MS),
            reason=field(form, "reason", 200) or None,
        )  # fmt: skip
        await self._casework.act(
            visit.guild_id, JobId(job_id), decision, key=f"{visit.key_of(form)}:{job_id}"
        )
        return see(f"{root_of(visit)}/reports", done="acted")

    async def _reported(self, visit: Visit, file: CaseFile) -> Reported:
        view = await self._oversight.job(visit.guild_id, file.job_id)
        return Reported(file, view.pictures if view is not None and not file.private else ())
