"""What can go wrong before the web server serves anything."""

import errno

from bot.errors import KetchupBotError


class ListenError(KetchupBotError):
    """The web server cannot listen on the address that the settings name."""

    def __init__(self, host: str, port: int, cause: OSError) -> None:
        super().__init__(f"Cannot listen on {host}, port {port}: {_remedy(cause)}")


def _remedy(cause: OSError) -> str:
    match cause.errno:
        case errno.EADDRINUSE:
            return "another program does. Stop it, or set HTTP_PORT to a free port."
        case errno.EACCES:
            return "this account may not. Set HTTP_PORT to a port above 1023."
        case _:
            return f"{cause.strerror or cause}. Set HTTP_HOST to an address of this machine."
