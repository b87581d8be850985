"""The log: readable lines on a terminal, else JSON; everything that is secret stays out of it.

Our own loggers are ``bot.…`` and ``cogs.…``. Libraries log through the same door and never below
INFO: at DEBUG several of them write whole requests, with tokens and prompts.
"""

import logging
import re
import sys
from collections.abc import Iterable, Mapping, MutableMapping
from typing import Any, Final, Literal, TextIO

import stamina.instrumentation
import structlog
from stamina.instrumentation import RetryDetails
from structlog.typing import EventDict, Processor

HIDDEN: Final = "***"
_SHORTEST: Final = 6
"""Shorter texts are no secrets of anybody's, and hiding them would riddle every line."""
_OURS: Final = ("bot", "cogs", "__main__")
_CHATTY: Final = ("alembic",)
"""Libraries whose INFO is of no use to an operator: one line per step is enough at a start."""
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""What a terminal would obey: texts of others pass through the log."""
_ADDRESSES: Final = (
    # a callback's address: who knows the signature can report a task's end
    re.compile(r"(/callbacks/)[^\s\"'<>?#]+"),
    # an interaction's token: who knows it can answer in the bot's name
    re.compile(r"(/webhooks/\d+/)[^\s/\"'<>?#]+"),
    re.compile(r"(/interactions/\d+/)[^\s/\"'<>?#]+"),
    re.compile(r"(\b(?:Bearer|Bot) )[\w.~+/=-]{8,}"),
)


class Redaction:
    """Takes secrets out of every text of a log entry, however deep it lies. A structlog processor.

    ``secrets`` are texts that are hidden wherever they stand.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        known = sorted({secret for secret in secrets if len(secret) >= _SHORTEST}, key=len)
        self._known = re.compile("|".join(map(re.escape, reversed(known)))) if known else None
        patterns = [*_ADDRESSES, _CONTROLS, *([self._known] if self._known else [])]
        self._any = re.compile("|".join(f"(?:{pattern.pattern})" for pattern in patterns))

    def __call__(self, _logger: object, _method: str, entry: EventDict) -> EventDict:
        return {str(key): self.value(value) for key, value in entry.items()}

    def text(self, text: str) -> str:
        """The text with every secret hidden."""
        if self._any.search(text) is None:  # nearly always
            return text
        if self._known is not None:
            text = self._known.sub(HIDDEN, text)
        for address in _ADDRESSES:
            text = address.sub(rf"\g<1>{HIDDEN}", text)
        return _CONTROLS.sub(lambda control: f"\\x{ord(control[0]):02x}", text)

    def value(self, value: object) -> object:
        """The value with every secret hidden; what is neither text nor number as its text."""
        if value is None or isinstance(value, (bool, int, float)):
            return value
        if isinstance(value, Mapping):
            return {self.text(str(key)): self.value(item) for key, item in value.items()}
        if isinstance(value, (list, tuple, set, frozenset)):
            return [self.value(item) for item in value]
        return self.text(value if isinstance(value, str) else repr(value))


def configure_logs(
    level: str = "INFO",
    form: Literal["console", "json"] | None = None,
    secrets: Iterable[str] = (),
    stream: TextIO | None = None,
) -> None:
    """Send structlog, the standard library's log and warnings to ``stream`` (standard error).

    Holds for the whole process. ``form`` None is ``console`` on a terminal, else ``json``.
    """
    stream = stream or sys.stderr
    if form is None:
        form = "console" if stream.isatty() else "json"
    before: list[Processor] = [
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=before,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                # Tracebacks become text without local variables, and pass the redaction, too.
                structlog.processors.format_exc_info,
                Redaction(secrets),
                *_rendering(form, colors=stream.isatty()),
            ],
        )
    )
    structlog.configure(
        processors=[*before, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    _set_levels(handler, logging.getLevelNamesMapping()[level])
    logging.captureWarnings(capture=True)
    stamina.instrumentation.set_on_retry_hooks([_log_retry])


def _rendering(form: Literal["console", "json"], *, colors: bool) -> tuple[Processor, ...]:
    if form == "json":
        return (_message_first, structlog.processors.JSONRenderer(ensure_ascii=False))
    plain = structlog.dev.plain_traceback
    return (structlog.dev.ConsoleRenderer(colors=colors, exception_formatter=plain),)


def _message_first(_logger: object, _method: str, entry: EventDict) -> EventDict:
    """The entry in the order in which people read it."""
    first: MutableMapping[str, Any] = {
        name: entry.pop(name) for name in ("timestamp", "level", "logger", "event") if name in entry
    }
    return {**first, **entry}


def _set_levels(handler: logging.Handler, level: int) -> None:
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(level, logging.INFO))
    for name in _OURS:
        logging.getLogger(name).setLevel(level)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    logging.getLogger("discord.client").addFilter(_not_about_voice)


def _not_about_voice(record: logging.LogRecord) -> bool:
    """discord.py warns at each start that packages for voice are missing, which nobody needs."""
    return "voice will NOT be supported" not in record.getMessage()


def _log_retry(details: RetryDetails) -> None:
    """Instead of stamina's own hook, which logs the arguments: prompts may be among them."""
    structlog.get_logger("bot.retry").warning(
        "tried again",
        callable=details.name,
        attempt=details.retry_num,
        wait_s=round(details.wait_for, 2),
        cause=type(details.caused_by).__name__,
    )
