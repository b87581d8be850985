"""What an operator reads when the web server cannot start."""

import errno
import os

import pytest

from bot.web.errors import ListenError


@pytest.mark.parametrize(
    ("number", "remedy"),
    [
        (errno.EADDRINUSE, "HTTP_PORT to a free port"),
        (errno.EACCES, "HTTP_PORT to a port above 1023"),
        (errno.EADDRNOTAVAIL, "HTTP_HOST"),
    ],
)
def test_each_refusal_of_the_system_comes_with_its_remedy(number: int, remedy: str) -> None:
    error = ListenError("127.0.0.1", 80, OSError(number, os.strerror(number)))
    assert remedy in str(error)
    assert "127.0.0.1, port 80" in str(error)
