"""The commands in every language: the agreed Japanese names, and within Discord's limits.

Discord's page "Application Commands" gives the limits: names of 1 to 32 characters, lower case
where there is a case, descriptions of 1 to 100, 25 options and choices, and 8000 characters for
each command, of which the longest of each text's languages counts. Here all languages together
stay below it.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest

from bot.chat.translate import LOCALES
from tests.unit.cogs.trees import translated

LANGUAGES = sorted(path.name for path in LOCALES.iterdir() if path.is_dir())
CHAT_NAME = re.compile(r"[-_'\w\u0900-\u097f\u0e00-\u0e7f]{1,32}")
IN_JAPANESE = {
    "imagine": "画像生成",
    "imagine prompt": "プロンプト",
    "imagine model": "モデル",
    "imagine aspect": "縦横比",
    "imagine aspect auto": "おまかせ",
    "imagine aspect square 1:1": "正方形 1:1",
    "imagine aspect portrait 4:5": "縦長 4:5",
    "imagine aspect portrait 3:4": "縦長 3:4",
    "imagine aspect portrait 2:3": "縦長 2:3",
    "imagine aspect landscape 5:4": "横長 5:4",
    "imagine aspect landscape 4:3": "横長 4:3",
    "imagine aspect landscape 3:2": "横長 3:2",
    "imagine aspect wide 16:9": "ワイド 16:9",
    "imagine aspect ultra-wide 21:9": "超ワイド 21:9",
    "imagine aspect phone 9:16": "スマホ縦 9:16",
    "imagine count": "枚数",
    "imagine style": "スタイル",
    **{f"imagine image{number}": f"参考画像{number}" for number in range(1, 5)},
    "imagine private": "非公開",
    "jobs": "生成状況",
    "cancel": "キャンセル",
    "cancel job": "対象",
    "gallery": "ギャラリー",
    "gallery member": "メンバー",
    "credits": "クレジット",
    "help": "ヘルプ",
    "preferences": "マイ設定",
    "privacy": "プライバシー",
    "privacy export": "データ書き出し",
    "privacy delete": "データ削除",
    "setup": "初期設定",
    "usage": "利用状況",
    "usage overview": "概要",
    "usage overview period": "期間",
    "usage overview period today": "今日",
    "usage overview period past 7 days": "過去7日間",
    "usage overview period past 30 days": "過去30日間",
    "usage overview period past 90 days": "過去90日間",
    "usage overview period this month": "今月",
    "usage member": "メンバー別",
    "usage export": "書き出し",
    "usage export format": "形式",
    "usage dashboard": "ダッシュボード",
    "credit-admin": "クレジット管理",
    "credit-admin grant": "付与",
    "credit-admin grant amount": "クレジット数",
    "credit-admin grant reason": "理由",
    "credit-admin revoke": "取り消し",
    "credit-admin allowance": "利用枠",
    "credit-admin allowance role": "ロール",
    "credit-admin allowance period": "更新間隔",
    "credit-admin allowance period daily": "毎日",
    "credit-admin allowance period weekly": "毎週",
    "credit-admin allowance period monthly": "毎月",
    "credit-admin allowance period unlimited": "無制限",
    "moderate": "モデレーション",
    "moderate block": "利用停止",
    "moderate block until": "停止期間",
    "moderate unblock": "停止解除",
    "moderate words": "禁止ワード",
    "moderate words action": "操作",
    "moderate words action Add": "追加",
    "moderate words action Remove": "削除",
    "moderate words action Test": "テスト",
    "moderate words phrase": "語句",
    "moderate reports": "報告一覧",
    "moderate audit": "監査ログ",
    "Remix picture": "画像をリミックス",
    "Picture details": "画像の詳細",
    "Report picture": "画像を報告",
}
"""By the path of English names."""


def parts(command: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """A command with its subcommands, options and choices, each by the path of its names."""
    here = f"{path} {command['name']}".strip()
    yield here, command
    for kind in ("options", "choices"):
        for inner in command.get(kind) or []:
            yield from parts(inner, here)


def names(part: dict[str, Any]) -> list[str]:
    """The name in every language."""
    return [part["name"], *(part.get("name_localizations") or {}).values()]


def descriptions(part: dict[str, Any]) -> list[str]:
    """The description in every language; none of menus and choices."""
    own = [part["description"]] if part.get("description") else []
    return [*own, *(part.get("description_localizations") or {}).values()]


@pytest.fixture(params=[False, True], ids=["servers only", "everywhere"])
async def commands(request: pytest.FixtureRequest) -> dict[str, Any]:
    """The payloads of all commands, as they would be sent."""
    return await translated(direct=request.param)


async def test_every_name_in_japanese_is_the_agreed_one(commands: dict[str, Any]) -> None:
    said = {
        path: (part.get("name_localizations") or {}).get("ja")
        for command in commands.values()
        for path, part in parts(command)
    }
    agreed = {path: name for path, name in IN_JAPANESE.items() if path in said}
    assert {path: said[path] for path in agreed} == agreed
    assert set(IN_JAPANESE) - set(said) <= {"help"}


async def test_a_command_is_within_discords_limits_in_every_language(
    commands: dict[str, Any],
) -> None:
    assert len(commands) <= 100
    for command in commands.values():
        is_menu = command["type"] != 1
        everything = 0
        for path, part in parts(command):
            assert len(part.get("options") or []) <= 25, path
            assert len(part.get("choices") or []) <= 25, path
            is_choice = "value" in part
            for name in names(part):
                everything += len(name)
                assert 1 <= len(name) <= (100 if is_choice else 32), path
                if not is_menu and not is_choice:
                    assert CHAT_NAME.fullmatch(name), name
                    assert name == name.lower(), name
            for description in descriptions(part):
                everything += len(description)
                assert 1 <= len(description) <= 100, path
            everything += len(str(part.get("value", "")))
        assert everything <= 8000, command["name"]


async def test_siblings_have_different_names_in_every_language(commands: dict[str, Any]) -> None:
    groups = [list(commands.values())]
    for command in commands.values():
        groups += [part["options"] for _, part in parts(command) if part.get("options")]
        groups += [part["choices"] for _, part in parts(command) if part.get("choices")]
    for group in groups:
        for language in LANGUAGES:
            said = [
                (part.get("type"), (part.get("name_localizations") or {}).get(language))
                for part in group
            ]
            translated_names = [name for name in said if name[1] is not None]
            assert len(set(translated_names)) == len(translated_names)


async def test_names_are_nfc(commands: dict[str, Any]) -> None:
    for command in commands.values():
        for path, part in parts(command):
            for text in (*names(part), *descriptions(part)):
                assert unicodedata.is_normalized("NFC", text), path
