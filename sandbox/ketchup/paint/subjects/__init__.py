"""What stands in a scene: one painter for each subject."""

from collections.abc import Callable
from typing import Final

from sandbox.ketchup.paint.scene import Scene
from sandbox.ketchup.paint.subjects import buildings, figures, nature
from sandbox.ketchup.paint.words import Subject


def paint_subject(scene: Scene, subject: Subject, x: float) -> None:
    """Paints the subject with its foot on the ground at ``x``."""
    _PAINTERS[subject](scene, x)


_PAINTERS: Final[dict[Subject, Callable[[Scene, float], None]]] = {
    Subject.LIGHTHOUSE: buildings.lighthouse,
    Subject.CAT: figures.cat,
    Subject.ROBOT: figures.robot,
    Subject.BOAT: buildings.boat,
    Subject.HOUSE: buildings.house,
    Subject.TORII: buildings.torii,
    Subject.BALLOON: buildings.balloon,
    Subject.KETCHUP: figures.ketchup,
    Subject.FLOWERS: nature.flowers,
    Subject.BIRDS: nature.birds,
}
