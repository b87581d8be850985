"""The log of what the bot asked of Discord."""

from __future__ import annotations

from dataclasses import dataclass, field

from sandbox.discord.model import Json

UNSUPPORTED = "unsupported: the sandbox does not know this route"


@dataclass(frozen=True, slots=True)
class RecordedFile:
    name: str
    size: int
    content_type: str | None


@dataclass(slots=True)
class RecordedRequest:
    """One request and its answer; ``status`` is 0 while and where there is none."""

    method: str
    path: str
    query: dict[str, str]
    json: object
    files: list[RecordedFile]
    at: int
    """Sandbox clock, UTC milliseconds."""
    status: int = 0
    code: int | None = None
    """Discord's error code of the answer."""
    violations: list[str] = field(default_factory=list)

    def payload(self) -> Json:
        """For the page; interaction tokens in the path are shortened."""
        steps = [step if len(step) < 60 else f"{step[:8]}…" for step in self.path.split("/")]
        return {
            "method": self.method,
            "path": "/".join(steps),
            "status": self.status,
            "code": self.code,
            "files": [file.name for file in self.files],
            "violations": self.violations,
            "at": self.at,
        }
