"""How a command ends: its exit code, and one clear line on why it failed."""

from collections.abc import Callable
from typing import Final

import structlog

from bot.cli.printing import say
from bot.errors import DatabaseBusyError, KetchupBotError, SettingsError
from bot.logs import configure_logs
from bot.settings import InvalidSettingsError
from bot.settings.loading import NAMES

FAILED: Final = 1
WRONG_SETTINGS: Final = 2
DATABASE_BUSY: Final = 3
INTERRUPTED: Final = 130


def exit_code(work: Callable[[], int]) -> int:
    """The exit code of the work; what it raises becomes one.

    What the operator can mend is said in a line; its traceback is in the log at DEBUG. A mistake
    of the bot's own is logged with its traceback.
    """
    configure_logs("WARNING")
    log = structlog.get_logger("bot")
    try:
        return work()
    except SettingsError as error:
        _complain_of_settings(error)
        return WRONG_SETTINGS
    except (KetchupBotError, OSError) as error:
        log.debug("stopped", exc_info=error)
        say(f"Ketchup Bot stopped: {str(error) or type(error).__name__}", stderr=True, style="red")
        if isinstance(error, DatabaseBusyError):
            return DATABASE_BUSY
        say("`ketchup-bot check` tries each part and says what to do.", stderr=True)
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception:
        log.exception("Ketchup Bot stopped because of a mistake of its own")
        return FAILED


def _complain_of_settings(error: SettingsError) -> None:
    if not isinstance(error, InvalidSettingsError):
        say(str(error), stderr=True, style="red")
        return
    say("Ketchup Bot cannot start with these settings:", stderr=True, style="red")
    for problem in error.problems:
        say(f"  {problem}", stderr=True)
    if any(problem.name in NAMES for problem in error.problems):
        say("Settings stand in the environment, .env or /run/secrets.", stderr=True)
