"""What can be wrong with a picture.

::

    PictureError
    ├── BlockedAddressError      its address must not be connected to
    ├── PictureTooLargeError     more bytes or pixels than are taken
    ├── NotAPictureError         no readable PNG, JPEG or WebP
    ├── PictureGoneError         its host says that it is not there (any more)
    └── PictureUnreachableError  it could not be fetched now; the only one that time may mend
"""

from typing import ClassVar

from bot.errors import KetchupBotError


class PictureError(KetchupBotError):
    """A picture cannot be fetched or used.

    The text is for the operator: it may name hosts. ``permanent`` says that another try would
    end the same way.
    """

    permanent: ClassVar[bool] = True


class BlockedAddressError(PictureError):
    """The picture's address must not be connected to."""


class PictureTooLargeError(PictureError):
    """The picture has more bytes or pixels than are taken."""


class NotAPictureError(PictureError):
    """This is no readable PNG, JPEG or WebP."""


class PictureGoneError(PictureError):
    """The picture's host says that it is not there (any more)."""


class PictureUnreachableError(PictureError):
    """The picture could not be fetched now."""

    permanent: ClassVar[bool] = False
