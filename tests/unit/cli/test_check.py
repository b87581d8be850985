"""The table of ``ketchup-bot check``."""

import pytest

from bot.cli.check import show
from bot.cli.checking.discord_app import invite
from bot.cli.checking.finding import INSTALL_LINK, bad, good, note, off


def test_every_finding_is_a_line_with_its_remedy(capsys: pytest.CaptureFixture[str]) -> None:
    show([good("database", "SQLite"), note("disk", "[full]", "Make room."), off("gateway", "x")])
    shown = capsys.readouterr().out
    assert "[full]" in shown
    assert "Make room." in shown
    assert "Everything works." in shown
    show([bad("database", "gone", "Start it.")])
    assert "1 failed." in capsys.readouterr().out


def test_the_install_link_stands_whole_on_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    link = invite("1574654416223469568")
    show([good("database", "SQLite"), good(INSTALL_LINK, link)])
    assert f"install link: {link}" in capsys.readouterr().out.splitlines()
