"""Offers of one picture to somebody whose credits do not reach for as many as they asked for."""

from dataclasses import dataclass

import orjson

from bot.domain.clock import Clock
from bot.domain.ids import Millis, UserId, new_id
from bot.domain.request import GenerationRequest, Place, Reference
from bot.storage import Database
from bot.storage.work import drafts
from bot.storage.work.drafts import DraftRow

LIVES_MS = 3_600_000
"""An offer of an hour ago is not taken up any more."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is kept of a request besides its references and their origin."""

    prompt: str
    model: str
    aspect: str | None
    style: str | None
    private: bool
    own_defaults: bool


class Offering:
    """Each method is one transaction."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def keep(self, request: GenerationRequest) -> str:
        """The id under which its member can take up the offer."""
        wanted = _Wanted(
            request.prompt, request.model, request.aspect, request.style, request.private,
            request.own_defaults,
        )  # fmt: skip
        draft = DraftRow(
            new_id(), request.place.user_id, orjson.dumps(request.references).decode(),
            request.parent, Millis(self._clock() + LIVES_MS), orjson.dumps(wanted).decode(),
        )  # fmt: skip
        async with self._database.write() as tx:
            await drafts.insert(tx, draft)
        return draft.id

    async def taken(self, offer_id: str, place: Place, key: str) -> GenerationRequest | None:
        """The request for one picture, made where the offer was taken up; None when it is over,
        or not this member's."""
        async with self._database.read() as reader:
            row = await drafts.get(reader, offer_id, UserId(place.user_id), self._clock())
        if row is None or row.request is None:
            return None
        references = tuple(Reference(**one) for one in orjson.loads(row.refs))
        return GenerationRequest(
            key=key, place=place, references=references, parent=row.parent_id,
            **orjson.loads(row.request),
        )  # fmt: skip
