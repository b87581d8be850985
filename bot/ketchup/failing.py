"""An image API whose requests are places of ``bot.failpoints``; only tests ever have one."""

from bot.domain.ids import ProviderTaskId
from bot.failpoints import Failpoints
from bot.ketchup.client import KetchupClient
from bot.ketchup.outcomes import QueryOutcome, SubmitOutcome
from bot.ketchup.wire import ImageRequest


def install(client: KetchupClient, failpoints: Failpoints) -> None:
    """Put the places around the client's submits and queries."""
    submit, query = client.submit, client.query

    async def failing_submit(request: ImageRequest, timeout_s: float = 30.0) -> SubmitOutcome:
        failpoints.reach("submit:before")
        outcome = await submit(request, timeout_s)
        failpoints.reach("submit:after")
        return outcome

    async def failing_query(provider_id: ProviderTaskId, timeout_s: float = 10.0) -> QueryOutcome:
        failpoints.reach("query:before")
        outcome = await query(provider_id, timeout_s)
        failpoints.reach("query:after")
        return outcome

    client.submit = failing_submit  # type: ignore[method-assign]
    client.query = failing_query  # type: ignore[method-assign]
