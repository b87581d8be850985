"""Exit codes, and what is said before them."""

from collections.abc import Callable

import pytest
from structlog.testing import capture_logs

from bot.cli.ending import exit_code
from bot.errors import DatabaseBusyError, KetchupBotError, SettingsError
from bot.settings import InvalidSettingsError, Problem


def raising(error: BaseException) -> Callable[[], int]:
    def work() -> int:
        raise error

    return work


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InvalidSettingsError(Problem("HTTP_PORT", "is odd", "Make it even.")), 2),
        (SettingsError("odd"), 2),
        (DatabaseBusyError("held by process 7"), 3),
        (KetchupBotError("too new"), 1),
        (PermissionError(13, "Permission denied", "data"), 1),
        (KeyboardInterrupt(), 130),
        (ZeroDivisionError("a mistake"), 1),
    ],
)
def test_every_end_has_its_code(error: BaseException, code: int) -> None:
    assert exit_code(raising(error)) == code


def test_the_code_of_work_that_ends_well_is_its_own() -> None:
    assert exit_code(lambda: 0) == 0
    assert exit_code(lambda: 1) == 1


def test_what_the_operator_can_mend_is_one_line_with_its_traceback_at_debug(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with capture_logs() as logs:
        exit_code(raising(KetchupBotError("the schema is too new")))
    said = capsys.readouterr().err
    assert "Ketchup Bot stopped: the schema is too new" in said
    assert "Traceback" not in said
    assert [(entry["log_level"], bool(entry["exc_info"])) for entry in logs] == [("debug", True)]


def test_a_mistake_of_the_bots_own_is_logged_with_its_traceback() -> None:
    with capture_logs() as logs:
        exit_code(raising(ZeroDivisionError("a mistake")))
    assert [(entry["log_level"], bool(entry["exc_info"])) for entry in logs] == [("error", True)]


def test_each_problem_of_the_settings_stands_on_a_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    long = "very " * 60
    exit_code(raising(InvalidSettingsError(Problem("A", "is [odd]"), Problem("B", long, "Do."))))
    said = capsys.readouterr().err.splitlines()
    assert "  A is [odd]." in said
    assert f"  B {long}. Do." in said
