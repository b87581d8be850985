"""Plans of failpoints: read from the environment, carried out at the right arrival."""

import os
import signal
from pathlib import Path
from unittest.mock import create_autospec

import pytest

from bot.failpoints import LOG_VARIABLE, VARIABLE, Act, Failpoints, FailpointsError, Planned


def test_without_a_plan_there_is_nothing() -> None:
    assert Failpoints.from_environment({}) is None
    assert Failpoints.from_environment({VARIABLE: "", LOG_VARIABLE: ""}) is None


def test_a_plan_names_places_acts_and_arrivals() -> None:
    text = "commit Requests._keep:before=kill@2;discord GET /a=b:after=fail"
    found = Failpoints.from_environment({VARIABLE: text})
    assert found is not None
    assert found.plan == [
        Planned("commit Requests._keep:before", Act.KILL, 2),
        Planned("discord GET /a=b:after", Act.FAIL, 1),
    ]


@pytest.mark.parametrize("text", ["nothing", "place=explode", "place=kill@soon"])
def test_a_plan_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(FailpointsError, match="cannot be read"):
        Failpoints.from_environment({VARIABLE: text})


def test_it_strikes_once_at_the_planned_arrival() -> None:
    points = Failpoints([Planned("submit:*", Act.FAIL, 2)])
    points.reach("submit:before")
    points.reach("query:before")
    with pytest.raises(OSError, match="failpoint: submit:after"):
        points.reach("submit:after")
    points.reach("submit:before")


@pytest.mark.parametrize(
    ("act", "number"), [(Act.KILL, signal.SIGKILL), (Act.FREEZE, signal.SIGSTOP)]
)
def test_kill_and_freeze_signal_the_own_process(
    act: Act, number: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    kill = create_autospec(os.kill)
    monkeypatch.setattr(os, "kill", kill)
    Failpoints([Planned("here", act)]).reach("here")
    kill.assert_called_once_with(os.getpid(), number)


def test_places_are_written_down_once_in_their_order(tmp_path: Path) -> None:
    log = tmp_path / "places"
    points = Failpoints.from_environment({LOG_VARIABLE: str(log)})
    assert points is not None
    for place in ("a", "b", "a"):
        points.reach(place)
    assert log.read_text(encoding="utf-8") == "a\nb\n"
