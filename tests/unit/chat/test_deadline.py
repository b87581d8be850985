"""Deadlines of requests to Discord."""

from unittest.mock import create_autospec

import discord
import pytest

from bot.chat.deadline import deadline
from bot.chat.delivery.routes import FAILURES, Route, judge
from bot.service.delivery.cards import TryLater


async def test_while_the_client_is_opened_anew_a_delivery_is_tried_later() -> None:
    client = create_autospec(discord.Client, instance=True)
    client.is_closed.return_value = True
    with pytest.raises(FAILURES) as caught:
        async with deadline(client, 5.0):
            raise AssertionError("asked a closed client")
    judged = judge(caught.value, Route.POST)
    assert isinstance(judged, TryLater)
    assert not judged.may_have_arrived
