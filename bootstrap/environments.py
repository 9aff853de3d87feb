"""From settings to a running product: each environment's wiring, loaded when used."""

from contextlib import AbstractAsyncContextManager

from bootstrap.core import Product
from bootstrap.settings import LiveSettings, ReplaySettings


def running(
    settings: LiveSettings | ReplaySettings,
) -> AbstractAsyncContextManager[Product]:
    """The environment of these settings; a replay never loads the HTTP client."""
    if isinstance(settings, ReplaySettings):
        from bootstrap.replay import replay  # noqa: PLC0415

        return replay(settings)
    from bootstrap.live import live  # noqa: PLC0415

    return live(settings)
