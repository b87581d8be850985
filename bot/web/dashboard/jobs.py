"""The list of jobs, and one job."""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import web

from bot.domain.catalogue import Catalogue
from bot.domain.clock import Clock
from bot.domain.ids import JobId, Millis, PictureId, UserId
from bot.domain.stages import Failure, JobOutcome, JobStage
from bot.domain.usage_window import UsagePeriod
from bot.service.dashboard.oversight import Edge, JobView, Oversight, Wanted
from bot.service.figures.exporting import Exported, Exporting
from bot.storage.people.sessions import Session
from bot.web.dashboard.export import csv_line, csv_response
from bot.web.dashboard.frame import Frame, root_of
from bot.web.dashboard.periods import Span, chosen, day_of, span_of
from bot.web.dashboard.ports import Directory
from bot.web.dashboard.rendering import with_query
from bot.web.dashboard.visits import Door, Visit, number

_STATES: Final[dict[str, dict[str, Any]]] = {
    **{stage.value: {"stage": stage} for stage in (JobStage.QUEUED, JobStage.RUNNING)},
    **{outcome.value: {"outcome": outcome} for outcome in JobOutcome
       if outcome is not JobOutcome.DISCARDED},
}  # fmt: skip
_ID: Final = 26


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for, as it stands in the form."""

    member: str
    state: str
    model: str
    reason: str
    text: str
    period: str
    day: str

    @classmethod
    def of(cls, request: web.Request) -> "Filters":
        def asked(name: str) -> str:
            return request.query.get(name, "").strip()[:200]

        return cls(*(asked(name) for name in cls.__dataclass_fields__))

    def wanted(self, span: Span | None) -> Wanted:
        """The conditions; what makes no sense is left out."""
        member = number(self.member)
        reasons = {failure.value: failure for failure in Failure}
        return Wanted(
            user_id=None if member is None else UserId(member),
            model=self.model or None,
            failure=reasons.get(self.reason),
            text=self.text or None,
            since=None if span is None else span.start,
            until=None if span is None else span.end,
            **_STATES.get(self.state, {}),
        )

    def query(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    def without(self, name: str) -> dict[str, str]:
        return self.query() | {name: ""}

    @property
    def any(self) -> bool:
        return any(self.query().values())

    @property
    def member_id(self) -> int | None:
        return number(self.member)


class JobPages:
    """Looking through jobs."""

    def __init__(
        self,
        door: Door,
        frame: Frame,
        oversight: Oversight,
        directory: Directory,
        exporting: Exporting,
        catalogue: Catalogue,
        clock: Clock,
    ) -> None:
        self._door = door
        self._frame = frame
        self._oversight = oversight
        self._directory = directory
        self._exporting = exporting
        self._catalogue = catalogue
        self._clock = clock

    async def all(self, request: web.Request) -> web.Response:
        """A page of jobs, filtered."""
        visit = await self._door.visit(request)
        filters = Filters.of(request)
        span = day_of(filters.day, visit.zone) or span_of(filters.period, self._clock(), visit.zone)
        found = await self._oversight.jobs(
            visit.guild_id, filters.wanted(span), _edge(request.query.get("than", ""))
        )
        people = {job.user_id for job in found.jobs}
        if filters.member_id is not None:
            people.add(UserId(filters.member_id))
        older = None
        if found.next is not None:
            than = f"{found.next.created_at}-{found.next.id}"
            older = with_query(f"{root_of(visit)}/jobs", **filters.query(), than=than)
        return await self._frame.page(
            request, visit, "jobs", visit.words.gettext("Jobs"),
            jobs=found.jobs, older=older, reached=found.reached, filters=filters,
            names=await self._directory.members(visit.guild_id, people),
            restricted=await self._restricted(visit),
            export=with_query(f"{root_of(visit)}/jobs.csv", period=chosen(filters.period)),
            models=self._catalogue, states=tuple(_STATES), reasons=tuple(Failure),
        )  # fmt: skip

    async def export(self, request: web.Request) -> web.StreamResponse:
        """All jobs of a period as CSV, which is written into the audit log."""
        visit = await self._door.visit(request)
        period = UsagePeriod(chosen(request.query.get("period")))
        export = await self._exporting.open(
            visit.guild_id, Exported.JOBS, period, by=visit.session.user_id, key=visit.new_key()
        )
        if export is None:
            raise web.HTTPNotFound
        response = csv_response(f"jobs-{visit.guild_id}-{period.value}")
        await response.prepare(request)
        await response.write(csv_line(export.columns))
        async for row in export.rows:
            cells = [row[column] for column in export.columns]
            await response.write(csv_line(["" if cell is None else str(cell) for cell in cells]))
        await response.write_eof()
        return response

    async def one(self, request: web.Request) -> web.Response:
        """One job; a private one without what was asked for."""
        visit = await self._door.visit(request)
        view = await self._view(request, visit)
        return await self._page(request, visit, view, shown=not view.job.private)

    async def show(self, request: web.Request) -> web.Response:
        """A private job with everything, which is written into the audit log."""
        visit, _ = await self._door.act(request)
        view = await self._view(request, visit)
        if view.job.private:
            await self._oversight.shown_private(visit.guild_id, view.job.id, visit.session.user_id)
        return await self._page(request, visit, view, shown=True)

    async def _view(self, request: web.Request, visit: Visit) -> JobView:
        job_id = request.match_info["job"]
        found = (
            await self._oversight.job(visit.guild_id, JobId(job_id)) if len(job_id) == _ID else None
        )
        if found is None:
            raise web.HTTPNotFound
        return found

    async def _page(
        self, request: web.Request, visit: Visit, view: JobView, *, shown: bool
    ) -> web.Response:
        people = {view.job.user_id} | ({view.parent.user_id} if view.parent else set())
        channels = await self._directory.channels(visit.guild_id)
        return await self._frame.page(
            request, visit, "jobs", visit.words.gettext("Job"), template="job.html",
            job=view.job, view=view, shown=shown,
            pass_for=lambda picture_id: picture_pass(visit.session, picture_id),
            names=await self._directory.members(visit.guild_id, people),
            channel=channels.get(view.job.channel_id),
            restricted=await self._restricted(visit), models=self._catalogue,
        )  # fmt: skip

    async def _restricted(self, visit: Visit) -> frozenset[int]:
        """The channels whose pictures are not shown at first sight."""
        channels = await self._directory.channels(visit.guild_id)
        return frozenset(id_ for id_, (_, age_restricted) in channels.items() if age_restricted)


def picture_pass(session: Session, picture_id: PictureId) -> str:
    """Lets this session alone see a private picture, after its showing was written down."""
    word = f"picture {picture_id}".encode()
    return hmac.new(session.csrf.encode(), word, hashlib.sha256).hexdigest()


def _edge(text: str) -> Edge | None:
    at, _, job_id = text.partition("-")
    moment = number(at)
    if moment is None or len(job_id) != _ID or not job_id.isalnum():
        return None
    return Edge(Millis(moment), JobId(job_id))
