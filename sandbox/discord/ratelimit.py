"""Discord's rate limits: buckets by route and major parameter, 50 requests a second for the bot."""

from __future__ import annotations

import hashlib
import re
from collections import deque
from dataclasses import dataclass, field

from sandbox.clock import Clock

GLOBAL_PER_SECOND = 50
_MAJOR = re.compile(r"^/(channels|guilds|webhooks)/(\d+)(?:/([^/]{20,}))?")
_ID = re.compile(r"/\d{15,20}")


@dataclass(frozen=True, slots=True)
class Limit:
    """So many requests in so many seconds."""

    requests: int
    seconds: float


DEFAULT = Limit(50, 1.0)
_BY_ROUTE = (
    ("POST", re.compile(r"^/channels/\d+/messages$"), Limit(5, 5.0)),
    ("PATCH", re.compile(r"^/channels/\d+/messages/\d+$"), Limit(5, 5.0)),
    ("DELETE", re.compile(r"^/channels/\d+/messages/\d+$"), Limit(5, 1.0)),
    ("PUT", re.compile(r"^/channels/\d+/messages/\d+/reactions/"), Limit(1, 0.25)),
    ("POST", re.compile(r"^/webhooks/\d+/[^/]+$"), Limit(5, 2.0)),
    ("PATCH", re.compile(r"^/webhooks/\d+/[^/]+/messages/"), Limit(5, 2.0)),
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the limiter says to one request, and the headers that tell the bot."""

    allowed: bool
    retry_after: float
    is_global: bool
    headers: dict[str, str]


@dataclass(slots=True)
class _Bucket:
    limit: Limit
    times: deque[int] = field(default_factory=deque)

    def free_in(self, now: int) -> float:
        """Forget what is past; seconds until one more request fits (0: now)."""
        window = int(self.limit.seconds * 1000)
        while self.times and now - self.times[0] >= window:
            self.times.popleft()
        if len(self.times) < self.limit.requests:
            return 0.0
        return (self.times[0] + window - now) / 1000


class RateLimits:
    """Strict when enabled; when not, no request is held back and no header sent."""

    def __init__(self, clock: Clock, *, enabled: bool) -> None:
        self.enabled = enabled
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}
        self._global = _Bucket(Limit(GLOBAL_PER_SECOND, 1.0))

    def ask(self, method: str, path: str, *, counts_globally: bool) -> Verdict:
        """Whether the request may pass.

        Interaction routes do not count against the global limit.
        """
        if not self.enabled:
            return Verdict(True, 0.0, False, {})
        now = self._clock.now_ms()
        if counts_globally:
            if wait := self._global.free_in(now):
                return Verdict(
                    False, wait, True, {"X-RateLimit-Global": "true", "X-RateLimit-Scope": "global"}
                )
            self._global.times.append(now)
        route = _ID.sub("/:id", re.sub(_MAJOR, r"/\1/:major", path))
        major = _MAJOR.match(path)
        limit = next((limit for m, p, limit in _BY_ROUTE if m == method and p.match(path)), DEFAULT)
        bucket = self._buckets.setdefault(
            f"{method} {route} {major and major.groups()}", _Bucket(limit)
        )
        wait = bucket.free_in(now)
        if not wait:
            bucket.times.append(now)
        name = hashlib.sha256(f"{method} {route}".encode()).hexdigest()[:32]
        return Verdict(not wait, wait, False, _headers(bucket, name, now))


def _headers(bucket: _Bucket, name: str, now: int) -> dict[str, str]:
    reset = (bucket.times[0] - now) / 1000 + bucket.limit.seconds
    return {
        "X-RateLimit-Limit": str(bucket.limit.requests),
        "X-RateLimit-Remaining": str(bucket.limit.requests - len(bucket.times)),
        "X-RateLimit-Reset": f"{now / 1000 + reset:.3f}",
        "X-RateLimit-Reset-After": f"{reset:.3f}",
        "X-RateLimit-Bucket": name,
    }
