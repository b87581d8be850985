"""What a person gets of everything that is kept about them."""

from typing import Any

import orjson
import pytest

from bot.domain.ids import MessageId
from bot.domain.money import CREDIT
from bot.service.asking.remixing import Remixing
from bot.service.personal import own_data
from tests.builders import ALICE, BOB, GUILD, START, World, make_reference


async def about(world: World) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(await world.use.own_data.about(ALICE))
    return found


async def test_everything_but_jobs_is_in_one_file(world: World) -> None:
    await world.picture()
    await world.picture(BOB)
    await world.use.preferring.change(ALICE, language="ja")
    remixing = Remixing(world.database, world.clock)
    await remixing.begin(ALICE, MessageId(5), [make_reference()], BOB, GUILD)
    found = await about(world)
    assert (found["user_id"], found["made_at"]) == (str(ALICE), START)
    assert orjson.loads(found["preferences"][0]["chosen"]) == {"language": "ja"}
    assert {one["kind"]: one["balance"] for one in found["accounts"]} == {
        "allowance": 19 * CREDIT // 2, "hold": 0, "spent": CREDIT // 2,
    }  # fmt: skip
    assert sum(one["amount"] for one in found["movements"] if one["account"] == "allowance") == (
        19 * CREDIT // 2
    )
    assert [(one["guild_id"], one["charged"]) for one in found["usage"]] == [(GUILD, CREDIT // 2)]
    assert orjson.loads(found["open_forms"][0]["refs"])[0]["name"] == "a.png"
    assert found["blocks"] == []


async def test_somebody_unknown_gets_an_empty_file(world: World) -> None:
    found = await about(world)
    assert {name for name, rows in found.items() if rows} == {"user_id", "made_at", "units"}
    assert await world.use.own_data.jobs(ALICE, None) is None


async def test_jobs_come_in_parts_newest_first_and_nobody_elses(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_data, "JOBS", 2)
    ids = []
    for number in range(5):
        ids.append((await world.picture(count=1 + number % 2)).job_id)
        world.clock.advance(number // 2)  # some at the same moment
    await world.picture(BOB)
    cursor, seen = None, list[dict[str, Any]]()
    while (part := await world.use.own_data.jobs(ALICE, cursor)) is not None:
        rows, cursor = orjson.loads(part[0]), part[1]
        assert len(rows) <= 2
        seen += rows
    assert [job["id"] for job in seen] == ids[::-1]
    assert [len(job["tasks"]) for job in seen] == [1, 2, 1, 2, 1]
    assert {picture["stage"] for job in seen for picture in job["pictures"]} == {"kept"}
    assert not {"token", "claim"} & set(seen[0])
