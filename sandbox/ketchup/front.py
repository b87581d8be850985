"""The API's front: checks keys, takes orders, answers queries, hands out pictures."""

import asyncio
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

from sandbox.ketchup.fault_kinds import CallbackFault, SubmitFault, TaskFault
from sandbox.ketchup.faults import Faults
from sandbox.ketchup.life import Life
from sandbox.ketchup.misbehaviour import Misbehaviour, error
from sandbox.ketchup.orders import InvalidOrderError, Order, decoded, prompt_of, read_order
from sandbox.ketchup.records import Clock, Feed, QueryRecord, SubmitRecord
from sandbox.ketchup.results import Results
from sandbox.ketchup.tasks import Task, answer

_LARGEST_REQUEST: Final = 4 * 1024 * 1024
_REQUEST_ID: Final = web.RequestKey("request_id", str)


@dataclass(slots=True)
class Books:
    """Who may ask, what was asked, and what became of it. ``keys`` None: any key will do."""

    keys: set[str] | None
    opening_balance: int
    seed: int
    requests: list[SubmitRecord] = field(default_factory=list)
    queries: list[QueryRecord] = field(default_factory=list)
    tasks: dict[str, Task] = field(default_factory=dict)
    prompts: Counter[str] = field(default_factory=Counter)
    broken: list[BaseException] = field(default_factory=list)


class Front:
    """The routes of the API."""

    def __init__(
        self,
        books: Books,
        *,
        clock: Clock,
        faults: Faults,
        feed: Feed,
        life: Life,
        results: Results,
        closing: asyncio.Event,
    ) -> None:
        self._books = books
        self._clock = clock
        self._faults = faults
        self._feed = feed
        self._life = life
        self._results = results
        self._misbehaviour = Misbehaviour(closing, faults)
        self._lives: set[asyncio.Task[None]] = set()

    def app(self) -> web.Application:
        """The web application."""
        app = web.Application(client_max_size=_LARGEST_REQUEST, middlewares=[_plain_errors])
        app.on_response_prepare.append(_name_request)
        app.router.add_post("/api/image/gen", self._submit)
        app.router.add_get("/api/task/query", self._query)
        app.router.add_get("/results/{task}/1.png", self._picture, allow_head=True)
        return app

    def _bury(self, life: asyncio.Task[None]) -> None:
        self._lives.discard(life)
        error = None if life.cancelled() else life.exception()
        if error is not None:
            self._books.broken.append(error)

    async def end_lives(self) -> None:
        """Ends every task that is still under way."""
        for life in self._lives:
            life.cancel()
        await asyncio.gather(*self._lives, return_exceptions=True)

    async def _submit(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        value = decoded(body)
        prompt = prompt_of(value)
        fault = self._faults.for_submit(prompt)
        record = SubmitRecord(
            self._clock.now_ms(), request[_REQUEST_ID], dict(request.headers), body, value, fault
        )
        self._books.requests.append(record)
        self._feed.tell("submit", None, prompt[:200])
        if fault is not None and not fault.takes_effect:
            response = await self._misbehaviour.submit(fault, request, {})
        else:
            response = await self._take(request, record, fault)
        record.status = None if _cut_off(fault) else response.status
        return response

    async def _take(
        self, request: web.Request, record: SubmitRecord, fault: SubmitFault | None
    ) -> web.StreamResponse:
        if not self._authorised(request):
            return error(401, "Invalid API key")
        try:
            order = read_order(record.json)
        except InvalidOrderError as refusal:
            return error(400, "failed", detail=str(refusal))
        if self._books.opening_balance - self._life.charged < order.model.price:
            return error(402, "Insufficient credits")
        task, called = self._begin(order)
        record.task_id = task.id
        if task.faults.callback is CallbackFault.EARLY:
            await called.wait()
        told = {"code": 0, "message": "ok", "data": {"task_id": task.id}}
        if fault is not None:
            return await self._misbehaviour.submit(fault, request, told)
        return web.json_response(told)

    def _begin(self, order: Order) -> tuple[Task, asyncio.Event]:
        # The same prompt asked again gives another picture, yet the same one after a restart.
        self._books.prompts[order.prompt] += 1
        task = Task(
            id=f"ta{uuid.uuid4()}",
            order=order,
            created_at=self._clock.now_ms(),
            seed=f"{self._books.seed}/{self._books.prompts[order.prompt]}",
            faults=self._faults.for_task(order.prompt),
        )
        self._books.tasks[task.id] = task
        called = asyncio.Event()
        life = asyncio.create_task(self._life.lead(task, called), name=f"life of {task.id}")
        self._lives.add(life)
        life.add_done_callback(self._bury)
        return task, called

    async def _query(self, request: web.Request) -> web.StreamResponse:
        task_id = request.query.get("task_id", "")
        task = self._books.tasks.get(task_id)
        fault = self._faults.for_query(task.faults.queries if task else [])
        now, monotonic_s = self._clock.now_ms(), asyncio.get_running_loop().time()
        record = QueryRecord(now, monotonic_s, task_id, request[_REQUEST_ID], fault)
        self._books.queries.append(record)
        self._feed.tell("query", task_id, fault or "")
        if fault is not None:
            told = answer(task) if task else {"code": 0, "message": "ok", "data": {}}
            return await self._misbehaviour.query(fault, request, told)
        response = self._status(request, task)
        record.status = response.status
        return response

    def _status(self, request: web.Request, task: Task | None) -> web.Response:
        if not self._authorised(request):
            return error(401, "Invalid API key", code=401)
        if task is None or self._unregistered(task):
            return error(404, "task not found")
        return web.json_response(answer(task))

    def _unregistered(self, task: Task) -> bool:
        age_ms = self._clock.now_ms() - task.created_at
        slow = task.faults.life is TaskFault.UNREGISTERED
        return slow and age_ms < self._faults.registration_s * 1000

    async def _picture(self, request: web.Request) -> web.StreamResponse:
        task = self._books.tasks.get(request.match_info["task"])
        if task is None or not task.status.final:
            raise web.HTTPNotFound
        return await self._results.serve(task, request)

    def _authorised(self, request: web.Request) -> bool:
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        keys = self._books.keys
        known = bool(key) if keys is None else key in keys
        return scheme.lower() == "bearer" and known


def _cut_off(fault: SubmitFault | None) -> bool:
    return fault in {SubmitFault.RESET_BEFORE_EFFECT, SubmitFault.RESET_AFTER_EFFECT}


@web.middleware
async def _plain_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    request[_REQUEST_ID] = uuid.uuid4().hex
    try:
        return await handler(request)
    except web.HTTPRequestEntityTooLarge:
        return error(400, "failed", detail="request body is too large")
    except (web.HTTPNotFound, web.HTTPMethodNotAllowed):
        return error(404, "endpoint not found")


async def _name_request(request: web.Request, response: web.StreamResponse) -> None:
    response.headers["x-request-id"] = request[_REQUEST_ID]
