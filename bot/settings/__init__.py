"""Every setting of the bot, from the environment, ``.env`` and ``/run/secrets``."""

from bot.settings.loading import InvalidSettingsError, Problem, Sources, load_settings
from bot.settings.model import Settings
from bot.settings.topology import Role, Shards

__all__ = [
    "InvalidSettingsError",
    "Problem",
    "Role",
    "Settings",
    "Shards",
    "Sources",
    "load_settings",
]
