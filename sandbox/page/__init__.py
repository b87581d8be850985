"""The sandbox in the browser: a chat page on which anyone can try the whole bot."""

from sandbox.page.scene import BotControl, BotState, Scene
from sandbox.page.server import PageServer

__all__ = ["BotControl", "BotState", "PageServer", "Scene"]
