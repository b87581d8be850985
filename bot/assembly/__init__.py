"""How the parts are put together, for the composition root in ``bot.app``."""
