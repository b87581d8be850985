"""``/help`` and its examples: a button opens a filled form, and only sending it costs anything."""

from bot.chat.asking.answer import Answers
from bot.chat.modals import PROMPT, texts_typed
from bot.chat.personal.help_view import SEND, TRY, HelpView, example, example_form
from bot.chat.ports import Prices
from bot.chat.responding import Interaction, ask, patiently, show
from bot.chat.rights import Moderators
from bot.chat.translate import Catalogues, Texts
from bot.domain.catalogue import Catalogue
from bot.domain.ids import UserId
from bot.domain.preferences import filled_in
from bot.domain.request import GenerationRequest, clean_prompt
from bot.errors import InvalidChoiceError
from bot.service.personal.preferring import Preferring


class Help:
    """The feature ``help``."""

    def __init__(
        self,
        answers: Answers,
        prices: Prices,
        preferring: Preferring,
        catalogue: Catalogue,
        moderators: Moderators,
        catalogues: Catalogues,
    ) -> None:
        self._answers = answers
        self._prices = prices
        self._preferring = preferring
        self._catalogue = catalogue
        self._moderators = moderators
        self._catalogues = catalogues

    async def open(self, interaction: Interaction) -> None:
        """Show it privately; moderators read one more line."""
        work = self._moderators.includes(interaction)
        moderator = await patiently(interaction, work, private=True)
        own = interaction.client.user
        view = HelpView(own.mention if own else "", self._texts(interaction), moderator=moderator)
        await show(interaction, view)

    async def perform(self, interaction: Interaction, action: str, subject: str) -> None:
        """An example was pressed, or its form sent.

        Raises:
            UserError: it cannot be done.
        """
        texts = self._texts(interaction)
        if action == SEND:
            await self._answers.answer(interaction, self._request(interaction))
            return
        found = example(subject, texts)
        if action != TRY or found is None:
            raise InvalidChoiceError
        price = texts.priced(await self._price(interaction))
        await ask(interaction, example_form(subject, found[1], price, texts))

    def _request(self, interaction: Interaction) -> GenerationRequest:
        return GenerationRequest(
            key=str(interaction.id),
            place=self._answers.place(interaction),
            prompt=clean_prompt(texts_typed(interaction).get(PROMPT, "")),
            model="",
            own_defaults=True,
        )

    async def _price(self, interaction: Interaction) -> int:
        """What one picture costs with the member's own model, in micro-credits."""
        chosen = await self._preferring.read(UserId(interaction.user.id))
        model = filled_in(self._request(interaction), chosen, self._catalogue).model
        known = await self._prices.prices()
        prices = {one.id: price.price for one, price in zip(self._catalogue, known, strict=True)}
        return prices[model]

    def _texts(self, interaction: Interaction) -> Texts:
        return self._catalogues.of(str(interaction.locale))
