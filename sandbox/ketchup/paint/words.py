"""What a prompt asks for: hour, place, weather and subjects, read from English and Japanese."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar


class Hour(StrEnum):
    """The light of the scene."""

    DAWN = "dawn|sunrise|morning|夜明け|朝|あけぼの|日の出"
    DUSK = "dusk|sunset|evening|twilight|夕|日没|黄昏|たそがれ"
    NIGHT = "night|moon|midnight|star|stars|月|夜|星|space|galaxy|宇宙|neon|ネオン"
    DAY = "day|noon|summer|blue sky|昼|夏|青空|晴れ"


class Place(StrEnum):
    """What the ground is made of."""

    SEA = (
        "sea|ocean|wave|waves|beach|coast|lighthouse|boat|ship|island|whale|海|波|浜|島|灯台|船|港"
    )
    CITY = "city|town|street|tokyo|skyline|building|cyberpunk|neon|街|都市|東京|町|ビル|ネオン"
    FOREST = "forest|wood|woods|tree|trees|jungle|森|林|木"
    MOUNTAIN = "mountain|mountains|peak|alps|fuji|snow|山|富士|雪|峰"
    MEADOW = (
        "meadow|field|hill|hills|flower|flowers|garden|rose|tulip|spring|basket|"
        "花|庭|野原|草原|丘|桜|春|薔薇"
    )


class Subject(StrEnum):
    """What stands in the scene."""

    LIGHTHOUSE = "lighthouse|灯台"
    CAT = "cat|cats|kitten|kitty|猫|ねこ|ネコ|子猫"
    ROBOT = "robot|robots|android|ロボット|ロボ"
    BOAT = "boat|boats|ship|sail|sailing|yacht|船|ヨット|帆"
    HOUSE = "house|home|cottage|cabin|家|小屋"
    TORII = "torii|shrine|temple|鳥居|神社"
    BALLOON = "balloon|balloons|気球|風船"
    KETCHUP = "ketchup|tomato|bottle|ケチャップ|トマト"
    FLOWERS = "flower|flowers|rose|tulip|garden|blossom|sakura|cherry|花|桜|薔薇|庭"
    BIRDS = "bird|birds|gull|gulls|seagull|crane|鳥|カモメ|鶴"


class Weather(StrEnum):
    """What falls through the air."""

    SNOW = "snow|snowy|winter|雪|冬"
    RAIN = "rain|rainy|storm|雨|嵐"


@dataclass(frozen=True, slots=True)
class Theme:
    """What a prompt was understood to ask for. Without a place or a subject it is abstract."""

    hour: Hour | None
    place: Place | None
    weather: Weather | None
    subjects: tuple[Subject, ...]

    @property
    def abstract(self) -> bool:
        """Nothing in the prompt was recognised as a thing."""
        return self.place is None and not self.subjects and self.hour is None


_W = TypeVar("_W", Hour, Place, Subject, Weather)
_JAPANESE: Final = re.compile(r"[^\x00-\x7f]")


def _mentions(prompt: str, words: str) -> bool:
    """Whether a word stands in the prompt; English ones whole, Japanese ones anywhere."""
    return any(
        word in prompt
        if _JAPANESE.search(word)
        else re.search(rf"(?<![a-z]){word}(?![a-z])", prompt)
        for word in words.split("|")
    )


def _found(prompt: str, kinds: type[_W]) -> tuple[_W, ...]:
    return tuple(kind for kind in kinds if _mentions(prompt, kind.value))


def read(prompt: str) -> Theme:
    """The theme of a prompt."""
    text = prompt.lower()
    hours, places, weathers = _found(text, Hour), _found(text, Place), _found(text, Weather)
    # 鳥 is a bird, but 鳥居 a shrine's gate.
    subjects = _found(text.replace("鳥居", "torii "), Subject)
    return Theme(
        hour=hours[0] if hours else None,
        place=places[0] if places else None,
        weather=weathers[0] if weathers else None,
        subjects=subjects[:3],
    )
