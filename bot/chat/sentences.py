"""What a job's message says about its state, in the words of ``experience.md``."""

from typing import assert_never

from bot.chat.text import provider_words, quoted
from bot.chat.translate import Texts, moment
from bot.domain.request import REFERENCE_MAX_BYTES, REFERENCE_MAX_PIXELS, Unused
from bot.domain.stages import OBJECTIONS, Failure, JobOutcome, JobStage
from bot.service.delivery.cards import Card


def progress(card: Card, texts: Texts) -> str:
    """The sentence of a job that has not ended."""
    if card.stopped:
        return _stopped(card, texts)
    if card.stage is JobStage.RUNNING:
        return _painting(card, texts)
    if card.paused:
        return texts.gettext(
            "Pictures are paused: the image service can't be reached. You keep your place."
        )
    return _waiting(card, texts)


def _waiting(card: Card, texts: Texts) -> str:
    place = texts.ordinal(card.place_in_line or 1)
    if card.wait_s is None:
        return texts.gettext("{place} in line", place=place)
    time = texts.duration(card.wait_s)
    return texts.gettext("{place} in line · about {time} to go", place=place, time=time)


def _painting(card: Card, texts: Texts) -> str:
    if card.late:
        if card.calls_back:
            return texts.gettext("Taking longer than usual. I'll mention you when it's ready.")
        return texts.gettext("Taking longer than usual.")
    started = moment(card.started_at or card.created_at, "R")
    if card.expected_s is None:
        sentence = texts.gettext("Painting · started {started}", started=started)
    else:
        sentence = texts.gettext(
            "Painting · started {started} · usually {time}",
            started=started,
            time=texts.duration(card.expected_s),
        )
    if not card.made:
        return sentence
    done = texts.gettext("{made} of {count} ready", made=card.made, count=card.count)
    return texts.listed(sentence, done)


def unused_notes(unused: Unused, texts: Texts) -> list[str]:
    """The pictures that are not used, named one by one."""
    notes = []
    if unused.left_out:
        names = texts.listed(*(quoted(name, 40) for name in unused.left_out))
        notes.append(texts.gettext("4 reference pictures at most: {names} left out.", names=names))
    notes += [
        texts.gettext(
            "{name} couldn't be used: it isn't a PNG, JPEG or WebP.", name=quoted(name, 40)
        )
        for name in unused.unusable
    ]
    notes += [
        texts.gettext(
            "{name} couldn't be used: it is over {limit} MB or {pixels} megapixels.",
            name=quoted(name, 40),
            limit=REFERENCE_MAX_BYTES // 1024 // 1024,
            pixels=REFERENCE_MAX_PIXELS // 1_000_000,
        )
        for name in unused.too_large
    ]
    return notes


def ending(card: Card, texts: Texts) -> str | None:
    """The sentence of a job that has ended; None where the pictures say it all."""
    match card.outcome:
        case JobOutcome.PICTURES:
            return None
        case JobOutcome.PARTLY:
            return _partly(card, texts)
        case JobOutcome.FAILED:
            return _failed(card, texts)
        case JobOutcome.CANCELLED | JobOutcome.DISCARDED | None:
            return _stopped(card, texts) if card.made else cancelled(texts)
        case _:
            assert_never(card.outcome)


def cancelled(texts: Texts) -> str:
    """Stopped before anything had begun."""
    return texts.gettext("Cancelled. Nothing was charged.")


def _stopped(card: Card, texts: Texts) -> str:
    """Stopped while it was being painted."""
    gallery = texts.command("gallery")
    if card.stage not in {JobStage.DELIVERING, JobStage.DONE}:
        return texts.gettext(
            "Cancelled. Painting had begun, so the picture goes to {gallery}.", gallery=gallery
        )
    return texts.gettext(
        "Cancelled. What was painted is kept in {gallery}: {price}.",
        gallery=gallery,
        price=texts.priced(card.charged),
    )


def _partly(card: Card, texts: Texts) -> str:
    return texts.ngettext(
        "{made} of {count} pictures is ready. You paid for {made}: {price}.",
        "{made} of {count} pictures are ready. You paid for {made}: {price}.",
        card.made,
        made=card.made,
        count=card.count,
        price=texts.priced(card.charged),
    )


def _failed(card: Card, texts: Texts) -> str:
    sentence = why(card.failure, card.reason, texts)
    if card.private and (words := objection(card.failure, card.reason)):
        # Only the requester reads this message, so it may carry the provider's own words.
        return f"{sentence}\n-# {words}"
    return sentence


def objection(failure: Failure | None, reason: str | None) -> str | None:
    """What the image service had against a request, for the requester alone."""
    if reason and failure in OBJECTIONS:
        return provider_words(reason)
    return None


def why(  # noqa: C901, PLR0911 - one sentence for each cause
    failure: Failure | None, reason: str | None, texts: Texts
) -> str:
    """Why there is no picture."""
    match failure:
        case Failure.DECLINED:
            return texts.gettext("The image service declined this request. Nothing was charged.")
        case Failure.REJECTED:
            return texts.gettext(
                "The image service can't work with this request. Nothing was charged."
            )
        case Failure.WORDS if reason:
            return texts.gettext(
                'Words came back instead of a picture: "{words}". Nothing was charged.',
                words=provider_words(reason),
            )
        case Failure.WORDS | Failure.EMPTY:
            return texts.gettext("The image service sent no picture. Nothing was charged.")
        case Failure.UNFETCHABLE:
            return texts.gettext(
                "The picture was painted but couldn't be fetched. Nothing was charged."
                " Please try again."
            )
        case Failure.REFERENCE:
            return texts.gettext(
                "A reference picture is gone or couldn't be used. Nothing was charged."
            )
        case Failure.UNAVAILABLE:
            return texts.gettext(
                "The image service can't be reached right now. Nothing was charged."
                " Please try again later."
            )
        case Failure.DEADLINE:
            return texts.gettext(
                "No picture came within 10 minutes, so I stopped. Nothing was charged."
            )
        case Failure.LOST:
            return texts.gettext(
                "I lost contact and can't tell if it was painted. Nothing was charged."
                " Please try again."
            )
        case None:
            return texts.gettext("Something went wrong on my side. Nothing was charged.")
        case _:
            assert_never(failure)
