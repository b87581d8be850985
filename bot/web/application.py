"""The web application, built from what it is given."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aiohttp import web

from bot.web.boundary import boundary, harden
from bot.web.callbacks import Callbacks
from bot.web.dashboard.app import DashboardDeps, make_dashboard
from bot.web.health import Health
from bot.web.ports import CallbackObserver, CallbackSink, Readiness
from bot.web.signing import CallbackSigner


@dataclass(frozen=True, slots=True)
class WebDeps:
    """What the application uses. ``render`` gives the metrics in Prometheus' text format;
    without a ``dashboard`` there is none."""

    signer: CallbackSigner
    sink: CallbackSink
    observer: CallbackObserver
    ready: Readiness
    render: Callable[[], bytes]
    dashboard: DashboardDeps | None = None
    troubles: Callable[[], Sequence[str]] = tuple
    """Sentences about what is wrong but does not make the process unready."""


def make_app(deps: WebDeps) -> web.Application:
    """Callbacks, health, metrics and the dashboard; everything else is not found."""
    callbacks = Callbacks(deps.signer, deps.sink, deps.observer)
    health = Health(deps.ready, deps.render, troubles=deps.troubles)
    app = web.Application(middlewares=[boundary])
    app.on_response_prepare.append(harden)
    app.router.add_post("/callbacks/{task}/{signature}", callbacks.receive)
    app.router.add_get("/healthz", health.healthz)
    app.router.add_get("/readyz", health.readyz)
    app.router.add_get("/metrics", health.metrics)
    if deps.dashboard is not None:
        app.add_subapp("/dashboard", make_dashboard(deps.dashboard))
    return app
