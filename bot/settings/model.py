"""The settings: their names, defaults and meanings. Fields are the environment's names in lower
case."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainValidator, SecretStr
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    SettingsConfigDict,
)

from bot.domain.catalogue import Catalogue
from bot.domain.ids import GuildId
from bot.domain.money import CREDIT, Microcredits
from bot.domain.policy import Policy
from bot.settings import parsing
from bot.settings.catalogue import parse_catalogue

HeaderSecret = Annotated[SecretStr, BeforeValidator(parsing.header_secret)]
Credits = Annotated[Microcredits, PlainValidator(parsing.amount)]
ServiceUrl = Annotated[str, BeforeValidator(parsing.service_url)]


class Settings(BaseSettings):
    """What the operator can set. Amounts are micro-credits, written as credits.

    Reads the environment, then ``.env``, then a folder of secrets: the first that has a name
    wins, and an empty value counts as none. :func:`bot.settings.load_settings` names the folder
    and reports problems.
    """

    model_config = SettingsConfigDict(
        frozen=True,
        extra="ignore",
        hide_input_in_errors=True,
        arbitrary_types_allowed=True,
        env_file=".env",
        env_file_encoding="utf-8-sig",
        env_ignore_empty=True,
        str_strip_whitespace=True,
        validate_default=False,  # defaults are values already: amounts are not credits any more
    )

    discord_token: HeaderSecret = Field(description="bot token")
    discord_api_url: ServiceUrl = Field(
        "https://discord.com/api/v10",
        description="Discord itself, a rate-limiting proxy, or the sandbox",
    )
    discord_sync_guilds: Annotated[
        tuple[GuildId, ...], NoDecode, BeforeValidator(parsing.guild_ids)
    ] = Field((), description="guild ids; commands are registered only there (development)")
    ketchup_api_key: HeaderSecret = Field(description="image API key")
    ketchup_api_url: ServiceUrl = Field("https://api.defapi.org", description="image API")
    ketchup_models: Annotated[Catalogue, NoDecode, PlainValidator(parse_catalogue)] = Field(
        default_factory=Catalogue,
        description="JSON catalogue: id, label, price, max_references, capabilities",
    )
    ketchup_queries_per_second: float = Field(
        1.0, gt=0, allow_inf_nan=False, description="status queries per second, whole account"
    )
    ketchup_max_in_flight: int = Field(
        20, ge=1, description="tasks at the image API at the same time"
    )
    database_url: Annotated[str, BeforeValidator(parsing.database_url)] = Field(
        "sqlite:///data/ketchup.db",
        description="sqlite:///path or postgresql://user:password@host/db",
        repr=False,  # it may hold a password
    )
    public_url: Annotated[str | None, BeforeValidator(parsing.public_url)] = Field(
        None,
        description="where the internet reaches the web server; turns callbacks and dashboard on",
    )
    http_host: str = Field("127.0.0.1", min_length=1, description="web server: address")
    http_port: int = Field(8080, ge=1, le=65535, description="web server: port")
    new_server_cap: Credits = Field(
        Microcredits(100 * CREDIT), description="credits a month for a server"
    )
    account_cap: Credits | None = Field(
        None, description="credits a month over all servers and people"
    )
    direct_credits: Credits = Field(
        Microcredits(0), description="credits a month per person in direct messages; 0 is off"
    )
    secret_key: Annotated[tuple[SecretStr, ...], NoDecode, BeforeValidator(parsing.secret_keys)] = (
        Field((), description="signs callback addresses and dashboard links; two while rotating")
    )
    trusted_image_hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(parsing.hosts)] = (
        Field((), description="hosts exempt from the https and private-address rules")
    )
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"],
        BeforeValidator(parsing.upper_case),
    ] = Field("INFO", description="how much is logged")
    log_format: Annotated[
        Literal["console", "json"] | None, BeforeValidator(parsing.lower_case)
    ] = Field(None, description="console on a terminal, else json")

    def __init__(self, **values: Any) -> None:
        """``values`` go before every source, in the form in which people write them.

        ``_env_file=None`` reads no file, ``_secrets_dir`` names a folder of secrets.
        """
        super().__init__(**values)

    def policy(self) -> Policy:
        """The bounds that the use cases keep."""
        return Policy(
            catalogue=self.ketchup_models,
            max_in_flight=self.ketchup_max_in_flight,
            queries_per_second=self.ketchup_queries_per_second,
            new_server_cap=self.new_server_cap,
            account_cap=self.account_cap,
            direct_credits=self.direct_credits,
            callbacks=self.public_url is not None,
        )

    def secrets(self) -> tuple[str, ...]:
        """Every text that must never be shown or logged."""
        own = (self.discord_token, self.ketchup_api_key, *self.secret_key)
        password = parsing.database_password(self.database_url)
        return (*(secret.get_secret_value() for secret in own), *([password] if password else []))
