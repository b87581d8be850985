"""A job's messages drawn anew with fewer pictures."""

from collections.abc import Sequence

from bot.chat.layouts import Drawer, JobView
from bot.chat.results.shared_view import shared_view
from bot.chat.translate import Catalogues
from bot.service.delivery.cards import Card
from bot.service.delivery.takedowns import MessageKind


class Redrawer:
    """Draws whichever of a job's messages has lost a picture."""

    def __init__(self, drawer: Drawer, catalogues: Catalogues) -> None:
        self._drawer = drawer
        self._catalogues = catalogues

    def __call__(
        self, kind: MessageKind, card: Card, files: Sequence[str], *, shrunk: bool
    ) -> JobView:
        """The message with these of its files."""
        if kind is MessageKind.SHARED:
            return shared_view(card, self._catalogues.of(card.public_locale), files)
        return self._drawer(card, files, shrunk=shrunk)
