"""Jobs in lists and as suggestions."""

import pytest

from bot.chat.listings import choice_name
from bot.chat.translate import Catalogues
from bot.domain.ids import ChannelId, JobId, Millis, UserId, new_id
from bot.domain.money import Microcredits
from bot.domain.stages import JobStage
from bot.service.pictures.listing import Listed

RUNNING = Listed(
    JobId(new_id()), UserId(1), JobStage.RUNNING, None, "a  **lighthouse**\nat dawn", False, 1, 0,
    Microcredits(0), False, None, None, None, ChannelId(2), None, Millis(0), Millis(0), None,
)  # fmt: skip


@pytest.mark.parametrize(
    ("locale", "name"),
    [
        ("en-US", "a lighthouse at dawn · painting"),
        ("ja", "a lighthouse at dawn・生成中"),
    ],
)
def test_a_suggestion_is_plain_text_in_its_readers_language(locale: str, name: str) -> None:
    assert choice_name(RUNNING, Catalogues().of(locale)) == name
