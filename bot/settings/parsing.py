"""From the texts that people write into settings to typed values, or words on what is wrong.

Each function raises :class:`ValueError` with the end of a sentence that begins with the setting's
name. None of them quotes a secret.
"""

import ipaddress
import re
from typing import Any, Final
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from bot.domain.ids import GuildId
from bot.domain.money import Microcredits, parse_credits

SQLITE: Final = "sqlite:///"
_PASSWORD: Final = re.compile(r"(://[^:/?#]*:)[^/?#]*@")
"""Up to the last @ before the path: people forget to write @ and : as %40 and %3A."""
_HOST: Final = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:[0-9]{1,5})?")


def _parts(value: Any) -> list[str]:
    """The parts of a comma-separated text; a list is taken as it is."""
    parts = value.split(",") if isinstance(value, str) else list(value)
    return [str(part).strip() for part in parts if str(part).strip()]


def header_secret(value: Any) -> Any:
    """A token or key: any text that can be sent in a header."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    if not text:
        raise ValueError("is empty")
    if not text.isprintable():
        raise ValueError("has characters that cannot be sent, such as a line break")
    return text


def guild_ids(value: Any) -> tuple[GuildId, ...]:
    """Comma-separated Discord ids."""
    parts = _parts(value)
    if not all(part.isascii() and part.isdecimal() and len(part) <= 20 for part in parts):
        raise ValueError("must be server ids separated by commas, such as 81384788765712384")
    return tuple(GuildId(int(part)) for part in parts)


def amount(value: Any) -> Microcredits:
    """Credits as a plain decimal, such as ``100`` or ``0.5``."""
    try:
        return parse_credits(str(value).strip())
    except ValueError as error:
        raise ValueError(f"must be an amount of credits, such as 100 or 0.5: {error}") from None


def _web_address(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise ValueError("cannot be read as an address") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0:
        raise ValueError("must begin with https:// (or http://) and name a host")
    if "@" in parts.netloc or re.search(r"[?#\\\s\x00-\x1f]", text):
        raise ValueError("must be a plain address without credentials, spaces, ? and #")
    return parts


def service_url(value: Any) -> Any:
    """The address of a service, without a slash at its end."""
    if not isinstance(value, str):
        return value
    text = value.strip().rstrip("/")
    _web_address(text)
    return text


def public_url(value: Any) -> Any:
    """Scheme and host of our own web server, without a slash at its end; None for nothing."""
    if not isinstance(value, str):
        return value
    if not value.strip():
        return None
    text = str(service_url(value))
    if _web_address(text).path:
        raise ValueError("must end after the host, such as https://bot.example.org")
    return text


def is_plain(url: str) -> bool:
    """Whether what is sent to this address can be read on its way: http beyond this machine."""
    parts = urlsplit(url)
    if parts.scheme != "http":
        return False
    try:
        return not ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return parts.hostname != "localhost"


def database_url(value: Any) -> Any:
    """``sqlite:///path`` or ``postgresql://…``."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    if text.startswith("postgres://"):
        text = text.replace("postgres", "postgresql", 1)
    if text.startswith("postgresql://"):
        if not _is_readable(text):
            raise ValueError(
                "cannot be read as an address; write / ? # @ in the password as %2F %3F %23 %40"
            )
        return text
    path = text.removeprefix(SQLITE)
    if path == text or not path or path == ":memory:" or path.endswith("/") or "?" in path:
        raise ValueError(
            "must be sqlite:///path/to/file.db (four slashes for a path from the root) "
            "or postgresql://user:password@host/database"
        )
    return text


def _is_readable(url: str) -> bool:
    """Whether host and path stand where they seem to: a bare / ? # in a password shifts both."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    return not any("@" in part for part in (parts.path, parts.query, parts.fragment))


def database_password(url: str) -> str | None:
    """The password in the database's address."""
    if url.startswith(SQLITE):
        return None
    parts = urlsplit(url)
    named = parse_qs(parts.query).get("password", [""])[0]
    return unquote(parts.password or "") or named or None


def masked_database_url(url: str) -> str:
    """The database's address without its password."""
    if url.startswith(SQLITE):
        return url
    plain = _PASSWORD.sub(r"\1***@", url, count=1)
    return re.sub(r"(?<=[?&]password=)[^&]*", "***", plain)


def secret_keys(value: Any) -> tuple[str, ...]:
    """One key, or two while rotating: the first signs, both are good."""
    keys = tuple(_parts(value))
    if len(keys) > 2:
        raise ValueError("takes one key, or two separated by a comma while rotating")
    return keys


def hosts(value: Any) -> tuple[str, ...]:
    """Comma-separated ``host`` or ``host:port``; IPv6 addresses in brackets, as in URLs."""
    names = tuple(_as_in_urls(part.lower()) for part in _parts(value))
    if not all(_HOST.fullmatch(name) for name in names):
        raise ValueError(
            "must be host names separated by commas, such as cdn.example.org or localhost:8000"
        )
    return names


def _as_in_urls(host: str) -> str:
    try:
        return f"[{ipaddress.IPv6Address(host)}]"
    except ValueError:
        return host


def upper_case(value: Any) -> Any:
    """The word in capitals."""
    return value.strip().upper() if isinstance(value, str) else value


def lower_case(value: Any) -> Any:
    """The word in small letters."""
    return value.strip().lower() if isinstance(value, str) else value


def plain_words(message: str) -> str:
    """A message of pydantic as the end of a sentence that begins with a setting's name."""
    text = message.removeprefix("Value error, ").removeprefix("Assertion failed, ")
    return re.sub(r"^(Input|String|List|Tuple) should", "should", text).replace(
        "Field required", "is missing"
    )
