"""What a person has chosen for themselves: the same on every server."""

from dataclasses import replace
from enum import StrEnum
from typing import Final, assert_never

from pydantic import BaseModel, ConfigDict

from bot.domain.catalogue import Catalogue
from bot.domain.request import GenerationRequest

LANGUAGES: Final = ("en", "ja")
"""Languages that can be chosen; Discord's locale decides where none is."""


class CallBack(StrEnum):
    """When somebody is mentioned in a reply to their finished picture."""

    SERVER = "server"
    """After as long as the server's moderators have set."""
    ALWAYS = "always"
    NEVER = "never"


class Preferences(BaseModel):
    """One person's choices, with the defaults of somebody who has made none."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    model: str | None = None
    """The id of a model; ignored once it has left the catalogue."""
    aspect: str | None = None
    style: str | None = None
    """The name of a style; ignored where it is not known."""
    call_back: CallBack = CallBack.SERVER
    direct_messages: bool = False
    """Private pictures may come as a direct message where their own message is out of reach."""
    allow_remixing: bool = True
    """Others may remix this person's results."""
    language: str | None = None
    """One of :data:`LANGUAGES`; None leaves it to Discord."""

    def calls_back(self, waited_s: float, server_after_s: int | None) -> bool:
        """Whether a picture that took so long is worth a mention. ``server_after_s`` is the
        server's own limit in seconds; None: never."""
        match self.call_back:
            case CallBack.ALWAYS:
                return True
            case CallBack.NEVER:
                return False
            case CallBack.SERVER:
                return server_after_s is not None and waited_s > server_after_s
            case _:
                assert_never(self.call_back)


def filled_in(
    request: GenerationRequest, chosen: Preferences, catalogue: Catalogue
) -> GenerationRequest:
    """The request with the person's own model and aspect ratio where it names none.

    What the catalogue does not know (any more), or the model cannot paint, is left away. Requests
    that are to stay as they were asked – ``own_defaults`` unset – come back unchanged.
    """
    if not request.own_defaults:
        return request
    model = request.model
    if not model:
        known = {one.id for one in catalogue}
        model = chosen.model if chosen.model in known else catalogue.default.id
    aspect = request.aspect
    if aspect is None and model in {one.id for one in catalogue}:
        possible = catalogue.get(model).aspects
        aspect = chosen.aspect if chosen.aspect in possible else None
    return replace(request, model=model, aspect=aspect)
