"""What every part stands on."""

from contextlib import AsyncExitStack
from dataclasses import dataclass

from bot.domain.clock import Clock, steady_clock
from bot.failpoints import Failpoints
from bot.images.studio import Studio
from bot.metrics import Metrics
from bot.service.dashboard.signing_in import SigningIn
from bot.service.dashboard.tokens import Tokens
from bot.service.operator.secrets import own_secret_key
from bot.service.operator.vitals import last_heartbeat
from bot.service.usecases import UseCases
from bot.settings import Settings
from bot.storage import Database, held_alone, open_database
from bot.storage.engine.failing import FailingDatabase
from bot.web.signing import CallbackSigner, callback_keys


@dataclass(frozen=True, slots=True)
class Ground:
    """The open database with its use cases, and what is one for the whole process."""

    settings: Settings
    database: Database
    use: UseCases
    clock: Clock
    metrics: Metrics
    studio: Studio
    signer: CallbackSigner
    tokens: Tokens
    signing_in: SigningIn
    failpoints: Failpoints | None


async def lay_ground(stack: AsyncExitStack, settings: Settings, clock: Clock | None) -> Ground:
    """Open the database, held alone, and build the use cases on it; closed with the stack.

    Without a ``clock`` the system's is read, but time never goes back behind what was written.

    Raises:
        DatabaseBusyError: another bot holds the SQLite database.
    """
    await stack.enter_async_context(held_alone(settings.database_url))
    database = await stack.enter_async_context(open_database(settings.database_url))
    clock = clock or steady_clock(not_before=await last_heartbeat(database))
    failpoints = Failpoints.from_environment()
    if failpoints is not None:
        database = FailingDatabase(database, failpoints)
    keys = await _secret_keys(settings, database)
    tokens = Tokens(keys)
    return Ground(
        settings=settings,
        database=database,
        use=await UseCases.on(database, settings.policy(), clock),
        clock=clock,
        metrics=Metrics(),
        studio=await stack.enter_async_context(Studio()),
        signer=CallbackSigner(callback_keys(keys)),
        tokens=tokens,
        signing_in=SigningIn(database, clock, tokens, settings.public_url),
        failpoints=failpoints,
    )


async def _secret_keys(settings: Settings, database: Database) -> tuple[str, ...]:
    """The operator's keys, or the one that was made for this database."""
    given = tuple(key.get_secret_value() for key in settings.secret_key)
    return given or (await own_secret_key(database),)
