"""What Discord is told about /imagine."""

import re
from typing import Any

import pytest

from tests.unit.cogs.trees import translated

_NAME = re.compile(r"[-_'\w]{1,32}")
"""Discord's pattern for names of commands and options (application command naming)."""
_OPTIONS = [
    "prompt", "model", "aspect", "count", "style", "image1", "image2", "image3", "image4",
    "private",
]  # fmt: skip


async def imagine(*, direct: bool = False) -> dict[str, Any]:
    found: dict[str, Any] = (await translated(direct=direct))["imagine"]
    return found


async def test_the_command_has_the_names_of_the_contract() -> None:
    command = await imagine()
    assert [option["name"] for option in command["options"]] == _OPTIONS
    assert [option["name"] for option in command["options"] if option["required"]] == ["prompt"]


async def test_japanese_members_see_japanese_names() -> None:
    command = await imagine()
    assert command["name_localizations"] == {"ja": "画像生成"}
    names = [option["name_localizations"]["ja"] for option in command["options"]]
    assert names == [
        "プロンプト", "モデル", "縦横比", "枚数", "スタイル",
        "参考画像1", "参考画像2", "参考画像3", "参考画像4", "非公開",
    ]  # fmt: skip
    for text in (command["name"], *names, *_OPTIONS, "画像生成"):
        assert _NAME.fullmatch(text)
        assert text == text.lower()


async def test_aspects_are_choices_with_their_ratio_in_both_languages() -> None:
    aspect = next(option for option in (await imagine())["options"] if option["name"] == "aspect")
    shown = {one["value"]: one["name_localizations"]["ja"] for one in aspect["choices"]}
    assert shown["auto"] == "おまかせ"
    assert shown["21:9"] == "超ワイド 21:9"
    for choice in aspect["choices"]:
        if choice["value"] != "auto":
            assert choice["name"].endswith(choice["value"])
            assert choice["name_localizations"]["ja"].endswith(choice["value"])


async def test_model_and_count_are_suggested_with_their_price_and_style() -> None:
    options = (await imagine())["options"]
    suggested = {option["name"] for option in options if option.get("autocomplete")}
    assert suggested == {"model", "count", "style"}
    count = next(option for option in options if option["name"] == "count")
    assert (count["min_value"], count["max_value"]) == (1, 4)


@pytest.mark.parametrize(
    ("direct", "contexts", "installs"), [(False, [0], [0]), (True, [0, 1, 2], [0, 1])]
)
async def test_direct_messages_are_offered_only_where_they_have_credits(
    direct: bool, contexts: list[int], installs: list[int]
) -> None:
    command = await imagine(direct=direct)
    assert command["contexts"] == contexts
    assert command["integration_types"] == installs


async def test_descriptions_are_within_discords_limits() -> None:
    command = await imagine()
    texts = [command["description"], *command["description_localizations"].values()]
    for option in command["options"]:
        texts += [option["description"], *option["description_localizations"].values()]
    assert all(1 <= len(text) <= 100 for text in texts)
