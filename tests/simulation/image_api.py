"""The image API: takes requests, paints for a while, answers queries and calls back, often badly.

It speaks the API's own JSON, so that the bot's client and parser are the real ones.
"""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

from bot.domain.ids import TaskId
from bot.ketchup.answers import Answer
from bot.ketchup.client import KetchupClient
from tests.simulation.wire import REFUSED, Wire
from tests.simulation.world import World

CALLBACKS: Final = "https://bot.example/callbacks"
PRICE: Final = "0.500000"
_UNREGISTERED_S: Final = 4.0
_RETRIES_S: Final = (1.0, 2.0, 4.0)
_BETWEEN_QUERIES_S: Final = 1.0

PostCallback: TypeAlias = Callable[[TaskId, bytes], "asyncio.Future[int | None]"]
"""Sends a callback to the bot: the HTTP status, None where nobody listens or the bot dies."""


class Reply(StrEnum):
    """How a submit that arrived is answered."""

    TAKEN = "taken"
    FAILED = "500 with JSON"
    GATEWAY = "502 with a page"
    EMPTY = "503 without a body"
    EMPTY_TAKEN = "504 without a body, though taken"
    FAILED_TAKEN = "500 with JSON, though taken"
    GARBAGE_TAKEN = "200 with garbage, though taken"
    BROKEN_TAKEN = "an answer that breaks off, though taken"
    REJECTED = "400 with a reason"
    DECLINED = "200 with a code that is not zero"
    THROTTLED = "429"


_TROUBLED: Final = tuple(one for one in Reply if one is not Reply.TAKEN)
_TAKING: Final = frozenset(
    {Reply.TAKEN, Reply.EMPTY_TAKEN, Reply.FAILED_TAKEN, Reply.GARBAGE_TAKEN, Reply.BROKEN_TAKEN}
)


class Ending(StrEnum):
    """How a task ends."""

    PICTURE = "a picture"
    FAILED = "failed"
    WORDS = "words"
    NOTHING = "success without anything"


class Calling(StrEnum):
    """How the end of a task is called back."""

    ONCE = "once"
    NEVER = "never"
    TWICE = "twice"
    LATE = "late"
    FOREIGN = "for another task first"
    RUNNING = "with a word nobody knows first"
    CONTRARY = "with a failure after the success"


@dataclass(slots=True)
class Painting:
    """A task at the API. ``address`` is where its end is called back."""

    id: str
    address: str
    made_at: float
    ends_at: float
    ending: Ending
    consumed: str | None
    asked_at: float | None = None

    def body(self, *, ended: bool, word: str = "processing") -> dict[str, Any]:
        """As a query or a callback describes it."""
        if not ended:
            return {"task_id": self.id, "status": word, "result": None}
        told: dict[str, Any] = {"task_id": self.id, "status": "success", "consumed": self.consumed}
        match self.ending:
            case Ending.PICTURE:
                told["result"] = [{"image": f"https://results.example/{self.id}.png"}]
            case Ending.FAILED:
                told |= {"status": "failed", "status_reason": {"message": "not allowed"}}
            case Ending.WORDS:
                told["result"] = [{"text": "I would rather not."}]
            case Ending.NOTHING:
                told["result"] = []
        return told


@dataclass(slots=True)
class Submitted:
    """A request of the bot's. ``status`` and ``code`` are what the bot has read of the answer."""

    task_id: TaskId
    left: bool = True
    status: int | None = None
    body: bytes | None = None

    @property
    def may_count(self) -> bool:
        """Whether the bot must take it for a request that may have had an effect."""
        if not self.left:
            return False
        if self.status is None:
            return True
        if self.status >= 500:
            return not (self.body or b"").strip()
        if self.status != 200:
            return False
        return b'"code":1' not in (self.body or b"")


@dataclass(frozen=True, slots=True)
class Habits:
    """Shares: of submits that are answered badly, of queries, of tasks that do not end in a
    picture, of callbacks that are not simply sent once. ``slow`` tasks take many minutes."""

    calls_back: bool
    submits: float
    queries: float
    endings: float
    callbacks: float
    slow: float


class ImageApi:
    """The server. ``submitted`` are all requests, by the bot's task."""

    def __init__(
        self, world: World, habits: Habits, wire: Wire, post_callback: PostCallback
    ) -> None:
        self.submitted: dict[TaskId, list[Submitted]] = defaultdict(list)
        self.paintings: dict[str, Painting] = {}
        self.refuses_key_until = 0.0
        self.spaced = True
        """Whether queries keep their distance in this schedule: a frozen process cannot."""
        self._world = world
        self._habits = habits
        self._wire = wire
        self._post_callback = post_callback
        self._chance = world.chance("image api")

    # ── requests ────────────────────────────────────────────────────────────────────────────
    async def submit(self, body: bytes) -> Answer:
        """One POST, from the bot's side of the wire."""
        fields = json.loads(body)
        task_id = TaskId(urlsplit(fields["callback_url"]).path.rpartition("/")[2])
        sent = Submitted(task_id)
        self.submitted[task_id].append(sent)
        try:
            answer = await self._wire.ask("submit", lambda: self._submit(fields["callback_url"]))
        except OSError as error:
            sent.left = error.errno != REFUSED
            raise
        sent.status, sent.body = answer.status, answer.body
        return answer

    async def query(self, provider_id: str) -> Answer:
        """One GET, likewise."""
        self._note_query(provider_id)
        return await self._wire.ask("query", lambda: self._query(provider_id))

    def _note_query(self, provider_id: str) -> None:
        painting = self.paintings.get(provider_id)
        if painting is None:
            return
        before, painting.asked_at = painting.asked_at, self._world.now
        if before is not None and self.spaced and self._world.now - before < _BETWEEN_QUERIES_S:
            self._world.complain(f"{provider_id} was asked twice within a second")

    # ── what the server does ────────────────────────────────────────────────────────────────
    def _submit(self, address: str) -> Answer:
        if self._world.now < self.refuses_key_until:
            self._world.met["api: key refused"] += 1
            return _json(401, {"detail": "bad key"})
        reply = self._reply()
        if reply is not Reply.TAKEN:
            self._world.tell(f"submit: {reply}", counted=f"api: submit answered by {reply}")
        painting = self._begin(address) if reply in _TAKING else None
        if reply is Reply.THROTTLED:
            pause = self._chance.choice(("1", "5", "20"))
            return _json(429, {"detail": "slower"}, {"Retry-After": pause})
        if painting is not None and reply is Reply.TAKEN:
            return _json(200, {"code": 0, "data": {"task_id": painting.id}})
        return _ANSWERS[reply]

    def _reply(self) -> Reply:
        if self._world.calm or self._chance.random() >= self._habits.submits:
            return Reply.TAKEN
        return self._chance.choice(_TROUBLED)

    def _query(self, provider_id: str) -> Answer:
        if self._world.now < self.refuses_key_until:
            return _json(401, {"detail": "bad key"})
        painting = self.paintings.get(provider_id)
        if painting is None:
            return _json(404, {"detail": "task not found"})
        if not self._world.calm and self._chance.random() < self._habits.queries:
            return self._bad_answer(painting)
        ended = self._world.now >= painting.ends_at
        return _json(200, {"code": 0, "data": painting.body(ended=ended)})

    def _bad_answer(self, painting: Painting) -> Answer:
        how = self._chance.choice(
            ("not yet", "500", "a page", "429", "an unknown word", "another task")
        )
        self._world.tell(f"query: {how}", counted=f"api: query answered by {how}")
        match how:
            case "not yet" if self._world.now - painting.made_at < _UNREGISTERED_S:
                return _json(404, {"detail": "task not found"})
            case "not yet" | "500":
                return _json(500, {"message": "internal error"})
            case "a page":
                return Answer(200, {}, b"<html>welcome</html>")
            case "429":
                return _json(429, {}, {"Retry-After": "3"})
            case "an unknown word":
                return _json(200, {"code": 0, "data": painting.body(ended=False, word="humming")})
            case _:
                other = {"task_id": "ta-of-somebody", "status": "success", "result": []}
                return _json(200, {"code": 0, "data": other})

    def _begin(self, address: str) -> Painting:
        """A task that cannot be undone any more: it will cost."""
        chance, now = self._chance, self._world.now
        slow = not self._world.calm and chance.random() < self._habits.slow
        takes_s = chance.uniform(580, 660) if slow else chance.lognormvariate(1.6, 0.9)
        good = chance.random() >= self._habits.endings
        ending = Ending.PICTURE if good else chance.choice(tuple(Ending))
        consumed = PRICE if chance.random() < 0.8 else chance.choice((None, "0", "2.0", "NaN"))
        painting = Painting(
            f"ta{len(self.paintings) + 1}", address, now, now + takes_s, ending, consumed
        )
        self.paintings[painting.id] = painting
        self._world.tell(f"{painting.id} is painted for {address} in {takes_s:.1f} s")
        if self._habits.calls_back:
            self._world.later(takes_s, lambda: self._call_back(painting))
        return painting

    # ── callbacks ───────────────────────────────────────────────────────────────────────────
    def _call_back(self, painting: Painting) -> None:
        odd = not self._world.calm and self._chance.random() < self._habits.callbacks
        calling = self._chance.choice(tuple(Calling)) if odd else Calling.ONCE
        if calling is not Calling.ONCE:
            self._world.tell(f"{painting.id} calls {calling}", counted=f"api: callback {calling}")
        end = painting.body(ended=True)
        soon, later = self._chance.uniform(0.0, 0.5), self._chance.uniform(0.0, 3.0)
        match calling:
            case Calling.ONCE:
                self._send(painting, end, soon)
            case Calling.NEVER:
                pass
            case Calling.TWICE:
                self._send(painting, end, soon)
                self._send(painting, end, soon + self._chance.choice((0.0, later)))
            case Calling.LATE:
                self._send(painting, end, self._chance.uniform(5.0, 120.0))
            case Calling.FOREIGN:
                self._send(painting, end | {"task_id": self._foreign()}, soon)
                self._send(painting, end, soon + later)
            case Calling.RUNNING:
                self._send(painting, painting.body(ended=False, word="humming"), soon)
                self._send(painting, end, soon + later)
            case Calling.CONTRARY:
                self._send(painting, end, soon)
                failed = {"task_id": painting.id, "status": "failed", "consumed": "0"}
                self._send(painting, failed, soon + self._chance.choice((0.0, later)))

    def _foreign(self) -> str:
        return self._chance.choice(("ta-of-somebody", *self.paintings))

    def _send(self, painting: Painting, body: Mapping[str, Any], after_s: float) -> None:
        data = json.dumps(body).encode()
        self._world.later(after_s, lambda: self._try_to_send(painting, data, 0))

    def _try_to_send(self, painting: Painting, data: bytes, attempt: int) -> None:
        task_id = TaskId(urlsplit(painting.address).path.rpartition("/")[2])
        self._world.moment(f"callback for {task_id}")

        def ended(answer: asyncio.Future[int | None]) -> None:
            status = answer.result()
            self._world.tell(f"callback for {task_id}: {status}")
            if status not in {200, 404} and attempt < len(_RETRIES_S):
                self._world.met["api: callback sent again"] += 1
                self._world.later(
                    _RETRIES_S[attempt], lambda: self._try_to_send(painting, data, attempt + 1)
                )

        self._post_callback(task_id, data).add_done_callback(ended, context=self._world.aside())


class SimulatedClient(KetchupClient):
    """The real client; only its socket is not."""

    def __init__(self, api: ImageApi) -> None:
        super().__init__("https://api.example", "key", None)  # type: ignore[arg-type]
        self._api = api

    async def _send(
        self,
        session: object,
        timeout_s: float,
        limit: int,
        params: Mapping[str, str] | None,
        body: bytes | None,
    ) -> Answer:
        async with asyncio.timeout(timeout_s):
            if body is not None:
                return await self._api.submit(body)
            return await self._api.query((params or {})["task_id"])


def _json(status: int, body: object, headers: Mapping[str, str] | None = None) -> Answer:
    return Answer(status, headers or {}, json.dumps(body, separators=(",", ":")).encode())


_ANSWERS: Final = {
    Reply.FAILED: _json(500, {"message": "internal error"}),
    Reply.FAILED_TAKEN: _json(500, {"message": "internal error"}),
    Reply.GATEWAY: Answer(502, {}, b"<html>bad gateway</html>"),
    Reply.EMPTY: Answer(503, {}, b""),
    Reply.EMPTY_TAKEN: Answer(504, {}, b""),
    Reply.GARBAGE_TAKEN: Answer(200, {}, b"<html>welcome</html>"),
    Reply.BROKEN_TAKEN: Answer(200, {}, None),
    Reply.REJECTED: _json(400, {"detail": "no such aspect"}),
    Reply.DECLINED: _json(200, {"code": 1, "message": "declined"}),
}
