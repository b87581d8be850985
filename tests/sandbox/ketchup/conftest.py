"""The sandbox's image API, running, with a client and the world around it."""

import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import aiohttp
import jsonschema_rs
import pytest
import yaml
from aiohttp import web

from sandbox.clock import Clock
from sandbox.ketchup import SandboxKetchup
from tests.sandbox.ketchup.surroundings import Api, World

SMALL = 192  # pixels a side: enough to compare, quick to paint


@pytest.fixture
async def ketchup() -> AsyncIterator[SandboxKetchup]:
    async with SandboxKetchup(clock=Clock(), base=SMALL) as running:
        running.set_duration(0.02)
        running.retries.pause_s = 0.01
        yield running


@pytest.fixture
async def api(ketchup: SandboxKetchup) -> AsyncIterator[Api]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as session:
        yield Api(ketchup, session)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    built = World()
    runner = web.AppRunner(built.app())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    built.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield built
    await runner.cleanup()


@pytest.fixture(scope="session")
def schema() -> Callable[[str, object], None]:
    """Checks a value against a schema of the API's OpenAPI file."""
    beside = Path(__file__).parents[4] / "shared" / "reference" / "ketchup-openapi.yaml"
    path = Path(os.environ.get("KETCHUP_OPENAPI", beside))
    if not path.is_file():
        pytest.skip("the API's OpenAPI file is not here; name it in $KETCHUP_OPENAPI")
    components = yaml.safe_load(path.read_text(encoding="utf-8"))["components"]

    def check(name: str, value: object) -> None:
        document = {"$ref": f"#/components/schemas/{name}", "components": components}
        jsonschema_rs.Draft202012Validator(document).validate(value)

    return check
