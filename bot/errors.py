"""Every error that this bot raises on purpose.

::

    KetchupBotError
    ├── UserError                    safe to show to a member; its docstring is the English text
    │   ├── InvalidRequestError      what was typed or attached cannot be used
    │   │   ├── EmptyPromptError, PromptTooLongError, UnknownModelError, UnknownStyleError,
    │   │   ├── CountError, AspectError
    │   │   ├── TooManyReferencesError, ReferenceTypeError, ReferenceSizeError
    │   │   └── ReferenceMissingError
    │   ├── NotEnoughCreditsError, ServerCapError, AccountCapError, TooManyWaitingError
    │   ├── BlockedError, ForbiddenWordError
    │   │   └── BlockedForReasonError, BlockedUntilError, BlockedUntilForReasonError
    │   ├── UntilError, NotBlockedError, EmptyPhraseError, PhraseMissingError, PhraseKnownError
    │   ├── PhraseUnknownError, TooManyPhrasesError
    │   ├── NoPictureError, BlankPictureError, UnusablePicturesError, RemixExpiredError
    │   ├── OfferExpiredError, BeingErasedError
    │   ├── NotReportableError, OwnPictureError, AlreadyReportedError, AlreadyReviewedError
    │   ├── TooManyReportsError, ReportsTodayError
    │   ├── CaseHandledError, CaseDoneError, NothingToRefundError
    │   ├── DirectMessagesClosedError, RestartingError, MayNotError, NotModeratorError,
    │   ├── NothingToChangeError
    │   ├── ChannelNotAllowedError, OnlyRestrictedError, NeverRestrictedError, RoleNotAllowedError
    │   ├── InvalidChoiceError       what a moderator chose in ``/setup`` cannot be kept
    │   │   ├── TimeZoneError, AmountError, WholeNumberError, CapTooHighError, PlaceGoneError
    │   │   └── StyleIncompleteError, StyleTakenError, StyleGoneError, TooManyStylesError
    │   └── NotYoursError, JobGoneError, AlreadyFinishedError, StillUnderWayError,
    │       NoShowcaseError, PrivateResultError, ShareRefusedError,
    │       RestrictedShareError, DiscordBusyError, RemixingClosedError, NoResultError
    ├── SettingsError                a setting is missing or wrong; the operator reads it
    ├── DatabaseBusyError            another process holds the SQLite database
    ├── TransitionError              a guarded state change found no row in the expected stage
    │   └── ClaimLostError           … because another worker has taken the claim since
    ├── ReferenceGoneError           a reference picture was deleted before it was needed
    └── PictureError                 (bot.images.errors) a picture cannot be fetched or used

A :class:`UserError` is a sentence with named places. The sentence is looked up in the member's
language and filled in by ``bot.chat``; amounts and moments stay numbers until then.
"""

from typing import ClassVar


class KetchupBotError(Exception):
    """Something went wrong in Ketchup Bot."""


class UserError(KetchupBotError):
    """Something went wrong. Nothing was charged."""

    in_public: ClassVar[str | None] = None
    """The sentence where everybody reads it, if that is to tell less."""

    def __init__(self, **values: object) -> None:
        super().__init__(self.template())
        self.values = values

    @classmethod
    def template(cls) -> str:
        """The English sentence with its named places, such as ``{count}``."""
        return " ".join((cls.__doc__ or "").split())


class InvalidRequestError(UserError):
    """This request can't be used as it is. Nothing was charged."""


class EmptyPromptError(InvalidRequestError):
    """Tell me what to paint: the prompt is empty."""


class PromptTooLongError(InvalidRequestError):
    """The prompt is {length} characters long; {limit} are possible. Shorten it a little."""


class UnknownModelError(InvalidRequestError):
    """There is no model "{model}" here. Pick one from the list."""


class UnknownStyleError(InvalidRequestError):
    """There is no style "{style}" here. Pick one from the list."""


class CountError(InvalidRequestError):
    """One request makes 1 to {limit} pictures."""


class AspectError(InvalidRequestError):
    """{model} can't paint in {aspect}. Pick another aspect ratio or another model."""


class TooManyReferencesError(InvalidRequestError):
    """{model} takes {limit} reference pictures at most."""


class ReferenceTypeError(InvalidRequestError):
    """{name} can't be used as a reference: pictures must be PNG, JPEG or WebP."""


class ReferenceSizeError(InvalidRequestError):
    """{name} is too large for a reference: {limit} MB and {pixels} megapixels are possible."""


class ReferenceMissingError(InvalidRequestError):
    """{name} isn't there any more, so it can't be a reference. Nothing was charged."""


class NotEnoughCreditsError(UserError):
    """{count} pictures need {price}; you have {balance}.
    Your allowance refills {refill}."""

    singular: ClassVar[str] = (
        "1 picture needs {price}; you have {balance}. Your allowance refills {refill}."
    )

    def __init__(self, *, count: int, price: int, balance: int, refill: int) -> None:
        super().__init__(count=count, price=price, balance=balance, refill=refill)
        self.reaches_for_one = count > 1 and price <= balance * count


class ServerCapError(UserError):
    """This server has reached this month's limit ({cap}). Pictures resume {resume}.
    Your own credits are untouched."""


class AccountCapError(UserError):
    """The bot has reached its own limit for this month. Pictures resume {resume}.
    Your own credits are untouched."""


class TooManyWaitingError(UserError):
    """You can have {limit} waiting. Let one finish, or cancel one in {jobs}."""


class DirectMessagesClosedError(UserError):
    """Pictures aren't made in direct messages here. Use {imagine} in a server."""


class MayNotError(UserError):
    """You need the permission "Manage Server" for that."""


class NotModeratorError(UserError):
    """Only moderators of this server can do that."""


class NothingToChangeError(UserError):
    """Nothing was changed: give an amount or a period."""


class ChannelNotAllowedError(UserError):
    """Pictures aren't made in this channel. Try {ch}."""


class OnlyRestrictedError(UserError):
    """In this server, pictures are made only in age-restricted channels."""


class NeverRestrictedError(UserError):
    """In this server, pictures aren't made in age-restricted channels."""


class RoleNotAllowedError(UserError):
    """To make pictures here, you need the role {allowed}."""


class InvalidChoiceError(UserError):
    """That can't be saved. Nothing was changed."""


class TimeZoneError(InvalidChoiceError):
    """I don't know the time zone "{zone}". Use a name such as Europe/Berlin or Asia/Tokyo."""


class AmountError(InvalidChoiceError):
    """I can't read "{text}" as an amount of credits. Use a number such as 10 or 0.5."""


class MemberUnknownError(InvalidChoiceError):
    """I can't tell whom you mean by "{name}". Use the member's id."""


class SettingsChangedError(InvalidChoiceError):
    """Somebody changed the settings meanwhile. Look at them again; nothing was saved."""


class WholeNumberError(InvalidChoiceError):
    """I need a whole number from {low} to {high}, not "{text}"."""


class CapTooHighError(InvalidChoiceError):
    """The bot's operator allows this server at most {cap} a month."""


class PlaceGoneError(InvalidChoiceError):
    """I can't find that channel or role in this server."""


class StyleIncompleteError(InvalidChoiceError):
    """A style needs a name of up to {name_limit} characters and up to {words_limit} characters of
    words to add to the prompt."""


class StyleTakenError(InvalidChoiceError):
    """There is a style "{style}" already. Choose another name."""


class StyleGoneError(InvalidChoiceError):
    """That style was changed or removed meanwhile. Look at the list again."""


class TooManyStylesError(InvalidChoiceError):
    """A server can have {limit} styles. Remove one first."""


class BlockedError(UserError):
    """You can't make pictures here. Questions? Ask a moderator."""

    in_public: ClassVar[str | None] = "You can't make pictures here. Questions? Ask a moderator."


class BlockedForReasonError(BlockedError):
    """You can't make pictures here. Reason: {reason}. Questions? Ask a moderator."""


class BlockedUntilError(BlockedError):
    """You can't make pictures here until {until}. Questions? Ask a moderator."""


class BlockedUntilForReasonError(BlockedError):
    """You can't make pictures here until {until}. Reason: {reason}. Questions?
    Ask a moderator."""


class ForbiddenWordError(UserError):
    """ "{word}" isn't allowed here. Try other words. Nothing was charged."""

    in_public: ClassVar[str | None] = (
        "A word in that isn't allowed here. Try other words. Nothing was charged."
    )


class UntilError(UserError):
    """I can't read "{text}" as an end. Try "3d", "2 hours", "1 week" or "2026-12-24"."""


class NotBlockedError(UserError):
    """{member} isn't blocked here."""


class EmptyPhraseError(UserError):
    """That phrase has no letter or digit to look for."""


class PhraseMissingError(UserError):
    """Give the phrase too, such as "/moderate words action: Add phrase: …"."""


class PhraseKnownError(UserError):
    """ "{phrase}" is on the list already."""


class PhraseUnknownError(UserError):
    """ "{phrase}" isn't on the list."""


class TooManyPhrasesError(UserError):
    """The list can have {limit} phrases. Remove some first."""


class NotReportableError(UserError):
    """That message shows no picture that I made here. For anything else, use Discord's own
    report: Report Message."""


class OwnPictureError(UserError):
    """That's your own picture. You can delete it under More."""


class AlreadyReportedError(UserError):
    """You have reported this picture already. Moderators will look."""


class AlreadyReviewedError(UserError):
    """Moderators have looked at this picture already."""


class TooManyReportsError(UserError):
    """{limit} of your reports are still waiting for a moderator. Please give them some time."""


class ReportsTodayError(UserError):
    """You can report {limit} pictures a day. Please tell a moderator directly."""


class CaseHandledError(UserError):
    """{member} has handled this report already."""


class CaseDoneError(UserError):
    """{member} has done that already."""


class NothingToRefundError(UserError):
    """There is nothing to refund: nothing was charged, or it was given back already."""


class NoPictureError(UserError):
    """I can't find a picture in that message. Remix takes PNG, JPEG and WebP."""


class BlankPictureError(UserError):
    """I can't see other people's pictures. Open the menu of that message and choose
    "Apps → Remix picture", or attach the picture to your own message."""


class UnusablePicturesError(UserError):
    """{names} couldn't be used: pictures must be PNG, JPEG or WebP, and not too large."""


class RemixExpiredError(UserError):
    """This form was open for too long. Please choose the picture again."""


class OfferExpiredError(UserError):
    """This offer is too old. Please ask again."""


class BeingErasedError(UserError):
    """Your data is being deleted right now. Please try again in a few minutes."""


class RestartingError(UserError):
    """I'm restarting. Please try again in a minute."""


class NotYoursError(UserError):
    """Only {name} or a moderator can do that."""


class JobGoneError(UserError):
    """I can't find that picture any more."""


class AlreadyFinishedError(UserError):
    """That one is already finished, so there is nothing left to cancel."""


class StillUnderWayError(UserError):
    """That one is still under way. Wait until it's finished, or cancel it first."""


class NoShowcaseError(UserError):
    """This server has no showcase. Moderators choose one in {setup}."""

    def __init__(self) -> None:
        super().__init__(setup="setup")


class PrivateResultError(UserError):
    """This one is private, so it can't be shared."""


class ShareRefusedError(UserError):
    """I can't post in {channel}. Moderators can change that in its permissions."""


class DiscordBusyError(UserError):
    """Discord isn't answering right now. Please try again in a moment."""


class RestrictedShareError(UserError):
    """This was made in an age-restricted channel, and {channel} isn't one, so it stays here."""


class RemixingClosedError(UserError):
    """{name} doesn't want their pictures remixed. Nothing was charged."""


class NoResultError(UserError):
    """That message isn't a result of mine, so I know nothing about it."""


class SettingsError(KetchupBotError):
    """A setting is missing or wrong."""


class DatabaseBusyError(KetchupBotError):
    """Another instance of the bot holds this database."""


class TransitionError(KetchupBotError):
    """A state change found no row in the expected stage."""


class ClaimLostError(TransitionError):
    """Another worker has claimed this since."""


class ReferenceGoneError(KetchupBotError):
    """A reference picture is no longer there."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name
