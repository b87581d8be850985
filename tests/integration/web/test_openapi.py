"""The description of the web server is complete and true, whatever is sent to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from unittest.mock import MagicMock

import pytest
import schemathesis
from aiohttp import web
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from bot.web.application import WebDeps, make_app
from bot.web.dashboard.app import DashboardDeps
from tests.integration.web.serving import signer_of
from tests.integration.web.threaded import Served, served_in_thread
from tests.project.pages import ROOT

DESCRIPTION = schemathesis.openapi.from_path(str(ROOT / "docs" / "openapi.yaml"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


def routes() -> set[tuple[str, str]]:
    """Every method and path that the application answers."""
    deps = MagicMock(spec=DashboardDeps, public_url="http://bot.example")
    for name in DashboardDeps.__dataclass_fields__:
        if name != "public_url":
            setattr(deps, name, MagicMock())
    app = make_app(
        WebDeps(signer_of("a"), MagicMock(), MagicMock(), MagicMock(), bytes, dashboard=deps)
    )
    return set(_routes(app))


def _routes(app: web.Application) -> Iterator[tuple[str, str]]:
    for resource in app.router.resources():
        for route in resource:
            if route.method != "HEAD" and route.resource is not None:
                yield route.method, route.resource.canonical


def test_every_route_is_described_and_nothing_else() -> None:
    described = {
        (method.upper(), path)
        for path, operations in DESCRIPTION.raw_schema["paths"].items()
        for method in operations
    }
    assert described == routes()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served_in_thread(tmp_path_factory.mktemp("web")) as running:
        yield running


@DESCRIPTION.exclude(path="/dashboard/{guild}/live").parametrize()
@settings(
    max_examples=3,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
@pytest.mark.parametrize("signed_in", [False, True], ids=["stranger", "moderator"])
def test_nothing_unexpected_is_answered(
    case: schemathesis.Case[Any], served: Served, signed_in: bool
) -> None:
    options: dict[str, Any] = {"allow_redirects": False, "timeout": 20}
    if signed_in:
        case.path_parameters = {**(case.path_parameters or {}), **own(case)}
        options["cookies"] = {"ketchup-session": served.cookie}
    case.call_and_validate(base_url=served.url, checks=CHECKS, **options)


def own(case: schemathesis.Case[Any]) -> dict[str, str]:
    """The moderator's own server, where the path names one."""
    return {"guild": "500"} if "guild" in (case.path_parameters or {}) else {}
