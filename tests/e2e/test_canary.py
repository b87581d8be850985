"""No secret and no word of a member reaches the log, however loud it is."""

from pathlib import Path

import pytest

from sandbox.playground import Playground
from tests.faults.bench import Bench
from tests.faults.steps import STEPS
from tests.patience import UNHURRIED_S

LOUD = (
    "one_picture", "privately", "with_references", "declined", "words_only", "picture_gone",
    "api_fails_first", "without_callback", "answer_lost", "remixed", "credits_granted",
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_neither_secrets_nor_prompts_are_logged_at_any_level(tmp_path: Path) -> None:
    lines: list[str] = []
    async with Playground(
        tmp_path, speed=20, base=128, on_line=lines.append, LOG_LEVEL="DEBUG",
        acknowledge_s=UNHURRIED_S, KETCHUP_QUERIES_PER_SECOND="20",
        SECRET_KEY="canary-secret-key-of-this-test",
    ) as playground:  # fmt: skip
        playground.ketchup.set_duration(0.3)
        bench = Bench(playground, tmp_path)
        await bench.start()
        for step in LOUD:
            await STEPS[step](bench)
        await bench.calm()
    assert await bench.violations() == []
    log = "\n".join(lines)
    assert '"level": "debug"' in log
    world = playground.discord.world
    callbacks = {str(dict(r.json or {}).get("callback_url")) for r in playground.ketchup.requests}  # type: ignore[call-overload]
    secrets = {
        "the bot's token": {playground.discord.token},
        "the API's key": {playground.ketchup.key},
        "the secret key": {"canary-secret-key-of-this-test"},
        "a callback's signature": {url.rpartition("/")[2] for url in callbacks},
        "an interaction's token": {record.token for record in world.interactions.values()},
        "a member's words": {"of its kind", "lighthouse", "a storm", "a poem"},
        "a picture's name": {"boat.png"},
    }
    assert len(callbacks) >= len(LOUD) - 1
    for name, canaries in secrets.items():
        found = [line for line in lines if any(canary in line for canary in canaries)]
        assert found == [], f"{name} is in the log"
