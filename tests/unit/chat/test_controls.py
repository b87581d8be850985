"""Ids of features' controls."""

import pytest

from bot.chat.controls import Control, control_id, read_control_id


def test_an_id_is_read_back() -> None:
    text = control_id("setup", "language", "01J")
    assert text == "setup.language:01J"
    assert read_control_id(text) == Control("setup", "language", "01J")
    assert read_control_id(control_id("setup", "open")) == Control("setup", "open", "")


@pytest.mark.parametrize("text", ["", "k:cancel:01J", "setup", "setup.x", "Setup.x:", "a.b:c d"])
def test_a_foreign_id_is_not_ours(text: str) -> None:
    assert read_control_id(text) is None


def test_an_id_that_could_not_be_read_back_is_not_made() -> None:
    with pytest.raises(ValueError, match="no id of a control"):
        control_id("setup", "x", "a" * 61)
