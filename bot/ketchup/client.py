"""The image API over HTTP: one request each, whose every end is an outcome."""

import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Final, Protocol
from urllib.parse import urlsplit

import aiohttp
import structlog

from bot.domain.ids import ProviderTaskId
from bot.ketchup.answers import Answer, query_outcome, request_id, submit_outcome
from bot.ketchup.outcomes import (
    KeyCheck,
    KeyVerdict,
    Lost,
    NotFound,
    QueryOutcome,
    Refused,
    Rejected,
    SubmitOutcome,
    Unavailable,
    Unsent,
)
from bot.ketchup.pace import Pace
from bot.ketchup.wire import ImageRequest, request_body, request_problem

IMPOSSIBLE_TASK: Final = ProviderTaskId("ta00000000-0000-0000-0000-000000000000")
MAX_ANSWER_BYTES: Final = 64 * 1024
MAX_QUERY_BYTES: Final = 64 * 1024 * 1024
_CHUNK: Final = 64 * 1024
_CONNECT_SHARE: Final = 0.5


class RequestObserver(Protocol):
    """Who counts and times the requests."""

    def api_request(self, operation: str, status: str, seconds: float) -> None:
        """One request is over.

        ``operation`` is submit, query or check; ``status`` the HTTP status, or ``refused`` (never
        sent), ``timeout`` or ``lost`` (nothing or not all of an answer came).
        """


class KetchupClient:
    """Submits and queries tasks.

    Give it a session without cookies; :func:`open_client` makes fitting ones. Submits may have
    a session of their own: they must not ride on a kept-alive connection that the API is just
    closing, because nobody could tell whether they arrived.

    Raises:
        ValueError: the address is no http(s) URL, or the key cannot stand in a header.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str,
        session: aiohttp.ClientSession,
        *,
        submit_session: aiohttp.ClientSession | None = None,
        pace: Pace | None = None,
        observer: RequestObserver | None = None,
    ) -> None:
        parts = urlsplit(base_url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
            raise ValueError("the image API's address must be an http(s) URL without credentials")
        if not api_key.isprintable() or not api_key.strip():
            raise ValueError("the image API's key is empty or has characters that cannot be sent")
        self._base_url = base_url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {api_key}", "Accept": "application/json"}
        self._session = session
        self._submit_session = submit_session or session
        self._pace = pace
        self._observer = observer
        self._log = structlog.get_logger("bot.ketchup")

    async def submit(self, request: ImageRequest, timeout_s: float = 30.0) -> SubmitOutcome:
        """Asks for one task; sent at most once. A request that must fail is not sent at all."""
        if problem := request_problem(request):
            return Rejected(problem)
        answer = await self._exchange(
            "submit", self._submit_session, timeout_s, MAX_ANSWER_BYTES, body=request_body(request)
        )
        return submit_outcome(answer) if isinstance(answer, Answer) else answer

    async def query(self, provider_id: ProviderTaskId, timeout_s: float = 10.0) -> QueryOutcome:
        """Asks how a task is. At most once a second for one task (guide, rule 6)."""
        return await self._ask("query", provider_id, timeout_s)

    async def check_key(self, timeout_s: float = 10.0) -> KeyCheck:
        """Whether the API takes the key, found out by asking for a task that cannot exist."""
        match await self._ask("check", IMPOSSIBLE_TASK, timeout_s):
            case NotFound():
                return KeyCheck(KeyVerdict.GOOD)
            case Refused(status, reason):
                return KeyCheck(KeyVerdict.REFUSED, f"HTTP {status}: {reason}")
            case Unavailable(detail):
                return KeyCheck(KeyVerdict.UNREACHABLE, detail)
            case other:
                return KeyCheck(KeyVerdict.UNREACHABLE, f"unexpected answer: {other}")

    async def _ask(self, operation: str, task: ProviderTaskId, timeout_s: float) -> QueryOutcome:
        if self._pace is not None:
            await self._pace.turn()
        answer = await self._exchange(
            operation, self._session, timeout_s, MAX_QUERY_BYTES, params={"task_id": task}
        )
        if isinstance(answer, Answer):
            return query_outcome(answer, task)
        return Unavailable(answer.detail)

    async def _exchange(
        self,
        operation: str,
        session: aiohttp.ClientSession,
        timeout_s: float,
        limit: int,
        *,
        params: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Answer | Unsent | Lost:
        """The answer to one request, or how it failed; counted and logged once."""
        started, status = time.monotonic(), "lost"
        answer: Answer | None = None
        try:
            answer = await self._send(session, timeout_s, limit, params, body)
            status = str(answer.status) if answer.body is not None else "lost"
        except aiohttp.ConnectionTimeoutError as error:
            status = "timeout"
            return Unsent(_cause(error))
        except aiohttp.ClientConnectorError as error:
            status = "refused"
            return Unsent(_cause(error))
        except TimeoutError as error:
            status = "timeout"
            return Lost(_cause(error))
        except (aiohttp.ClientError, OSError) as error:
            return Lost(_cause(error))
        finally:
            self._record(operation, status, time.monotonic() - started, answer)
        return answer

    async def _send(
        self,
        session: aiohttp.ClientSession,
        timeout_s: float,
        limit: int,
        params: Mapping[str, str] | None,
        body: bytes | None,
    ) -> Answer:
        # Connecting gets its own, shorter deadline: only so can a request that never left be
        # told from one that may have arrived.
        timeout = aiohttp.ClientTimeout(total=timeout_s, connect=timeout_s * _CONNECT_SHARE)
        async with session.request(
            "GET" if body is None else "POST",
            f"{self._base_url}/api/{'task/query' if body is None else 'image/gen'}",
            params=params,
            data=body,
            headers=self._headers | ({} if body is None else {"Content-Type": "application/json"}),
            allow_redirects=False,
            timeout=timeout,
        ) as response:
            limit = limit if response.status == 200 else MAX_ANSWER_BYTES
            return Answer(response.status, response.headers, await _read(response, limit))

    def _record(self, operation: str, status: str, seconds: float, answer: Answer | None) -> None:
        if self._observer is not None:
            self._observer.api_request(operation, status, seconds)
        # Neither key nor prompt nor addresses: the request id is enough to find the rest.
        log = self._log.bind(operation=operation, status=status, seconds=round(seconds, 3))
        identifier = request_id(answer.headers) if answer else None
        if answer is None or answer.status >= 400:
            log.info("image API request", request_id=identifier)
        else:
            log.debug("image API request", request_id=identifier)


@asynccontextmanager
async def open_client(
    base_url: str,
    api_key: str,
    *,
    spacing_s: float = 0.0,
    observer: RequestObserver | None = None,
) -> AsyncIterator[KetchupClient]:
    """A client with sessions of its own, closed at the end: a fresh connection for every submit,
    kept-alive ones for queries (a GET on a stale one is repeated by aiohttp), which leave at least
    ``spacing_s`` apart."""
    fresh, pace = aiohttp.TCPConnector(force_close=True), Pace(spacing_s)
    no_cookies = aiohttp.DummyCookieJar()
    async with (
        aiohttp.ClientSession(cookie_jar=no_cookies, trace_configs=[pace.watching()]) as asking,
        aiohttp.ClientSession(cookie_jar=no_cookies, connector=fresh) as submitting,
    ):
        yield KetchupClient(
            base_url, api_key, asking, submit_session=submitting, pace=pace, observer=observer
        )


async def _read(response: aiohttp.ClientResponse, limit: int) -> bytes | None:
    """The body; None when it breaks off or is larger than ``limit`` bytes.

    The status is known by then and stays what it was.
    """
    body = bytearray()
    try:
        async for chunk in response.content.iter_chunked(_CHUNK):
            body += chunk
            if len(body) > limit:
                response.close()
                return None
    except (aiohttp.ClientError, OSError):
        return None
    return bytes(body)


def _cause(error: BaseException) -> str:
    """The exception's kind and words, for the operator."""
    return f"{type(error).__name__}: {error}"[:300]
