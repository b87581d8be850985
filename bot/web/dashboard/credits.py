"""The server's credits: the month, every movement, and for Manage Server granting and revoking."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from aiohttp import web

from bot.domain.clock import Clock
from bot.domain.ids import Millis, UserId
from bot.domain.money import Microcredits, format_credits, parse_credits
from bot.domain.usage_window import UsagePeriod
from bot.errors import AmountError, MemberUnknownError
from bot.service.figures.usage import Usage
from bot.service.money.bookkeeping import Booked, Booking, Bookkeeping, BookMark
from bot.service.money.wallet import Changed, Wallets
from bot.storage.money.ledger import TransferKind
from bot.web.dashboard.export import csv_line, csv_response
from bot.web.dashboard.frame import Frame, root_of, see
from bot.web.dashboard.periods import span_of
from bot.web.dashboard.ports import Directory
from bot.web.dashboard.rendering import with_query
from bot.web.dashboard.visits import Door, Form, Visit, field, number

COLUMNS: Final = ("id", "at", "kind", "user_id", "credits", "job_id", "note")
KINDS: Final = tuple(
    kind for kind in TransferKind if kind not in {TransferKind.HOLD, TransferKind.RELEASE}
)
_ID: Final = 26
_FILTERS: Final = ("member", "kind", "period")
_LARGEST: Final = 1_000_000 * 1_000_000


@dataclass(frozen=True, slots=True)
class _Wish:
    """What a form of credits asks for."""

    user_id: UserId
    amount: Microcredits
    reason: str | None
    key: str


class CreditPages:
    """Looking at movements and making them."""

    def __init__(
        self,
        door: Door,
        frame: Frame,
        usage: Usage,
        bookkeeping: Bookkeeping,
        wallets: Wallets,
        directory: Directory,
        clock: Clock,
    ) -> None:
        self._door = door
        self._frame = frame
        self._usage = usage
        self._bookkeeping = bookkeeping
        self._wallets = wallets
        self._directory = directory
        self._clock = clock

    async def show(self, request: web.Request) -> web.Response:
        """The month and a page of movements."""
        visit = await self._door.visit(request)
        asked = {name: request.query.get(name, "").strip()[:50] for name in _FILTERS}
        found = await self._bookkeeping.page(
            visit.guild_id, self._booked(request, visit), _mark(request.query.get("than", ""))
        )
        people = {one.user_id for one in found.bookings if one.user_id is not None}
        if (member := number(asked["member"])) is not None:
            people.add(UserId(member))
        path = f"{root_of(visit)}/credits"
        older = None
        if found.next is not None:
            older = with_query(path, **asked, than=f"{found.next.at}-{found.next.id}")
        return await self._frame.page(
            request, visit, "credits", visit.words.gettext("Credits"),
            month=await self._usage.overview(visit.guild_id, UsagePeriod.MONTH),
            bookings=found.bookings, older=older, asked=asked, kinds=KINDS, member_id=member,
            export=with_query(f"{path}.csv", **asked), key=visit.new_key(),
            names=await self._directory.members(visit.guild_id, people),
        )  # fmt: skip

    async def export(self, request: web.Request) -> web.StreamResponse:
        """The same movements as CSV, sent as they are read."""
        visit = await self._door.visit(request)
        response = csv_response(f"credits-{visit.guild_id}")
        await response.prepare(request)
        await response.write(csv_line(COLUMNS))
        booked = self._booked(request, visit)
        async for booking in self._bookkeeping.everything(visit.guild_id, booked):
            await response.write(csv_line(_row(booking)))
        await response.write_eof()
        return response

    async def grant(self, request: web.Request) -> web.Response:
        """Give a member extra credits."""
        return await self._move(request, self._wallets.grant, "granted")

    async def revoke(self, request: web.Request) -> web.Response:
        """Take extra credits back."""
        return await self._move(request, self._wallets.revoke, "revoked")

    async def _move(
        self, request: web.Request, work: "Callable[..., Awaitable[Changed | None]]", done: str
    ) -> web.Response:
        visit, form = await self._door.act(request)
        if not visit.seat.manage_server:
            raise web.HTTPForbidden
        wish = await self._wish(visit, form)
        await work(
            visit.guild_id, wish.user_id, wish.amount, by=visit.session.user_id, key=wish.key,
            reason=wish.reason,
        )  # fmt: skip
        return see(f"{root_of(visit)}/credits", member=wish.user_id, done=done)

    async def _wish(self, visit: Visit, form: Form) -> _Wish:
        try:
            amount = parse_credits(field(form, "amount", 30))
        except ValueError:
            raise AmountError(text=field(form, "amount", 30)) from None
        if not 0 < amount <= _LARGEST:
            raise AmountError(text=field(form, "amount", 30))
        return _Wish(
            await self._member(visit, field(form, "member", 100)),
            amount,
            field(form, "reason", 200) or None,
            visit.key_of(form),
        )

    async def _member(self, visit: Visit, text: str) -> UserId:
        """Whom somebody means by an id, or by a name that one member alone has."""
        if (user_id := number(text)) is not None:
            return UserId(user_id)
        wanted = text.lstrip("@").casefold()
        found = await self._directory.search(visit.guild_id, wanted) if wanted else {}
        exact = [user_id for user_id, name in found.items() if name.casefold() == wanted]
        if len(exact) != 1:
            raise MemberUnknownError(name=text)
        return exact[0]

    def _booked(self, request: web.Request, visit: Visit) -> Booked:
        member = number(request.query.get("member", ""))
        kinds = {kind.value: kind for kind in KINDS}
        span = span_of(request.query.get("period", ""), self._clock(), visit.zone)
        return Booked(
            user_id=None if member is None else UserId(member),
            kind=kinds.get(request.query.get("kind", "")),
            since=None if span is None else span.start,
            until=None if span is None else span.end,
        )


def _mark(text: str) -> BookMark | None:
    at, _, name = text.partition("-")
    moment = number(at)
    return BookMark(Millis(moment), name) if moment is not None and len(name) == _ID else None


def _row(booking: Booking) -> tuple[str, ...]:
    at = datetime.fromtimestamp(booking.at / 1000, UTC).isoformat(timespec="milliseconds")
    values = (
        booking.id, at, booking.kind.value, booking.user_id, format_credits(booking.amount),
        booking.job_id, booking.note,
    )  # fmt: skip
    return tuple("" if value is None else str(value) for value in values)
