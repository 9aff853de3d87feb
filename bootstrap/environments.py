"""From settings to a running product: each environment's wiring, loaded when used."""

from contextlib import AbstractAsyncContextManager

from bootstrap.product import Product
from bootstrap.settings import LiveSettings, ReplaySettings
from bootstrap.waiting import SERVING, Waiting


def running(
    settings: LiveSettings | ReplaySettings, waiting: Waiting = SERVING
) -> AbstractAsyncContextManager[Product]:
    """The environment of these settings; a replay never loads the HTTP client.

    Args:
        settings: Of the environment.
        waiting: How its broker's questions wait; a replay has nothing to wait for.
    """
    if isinstance(settings, ReplaySettings):
        from bootstrap.replay import replay  # noqa: PLC0415

        return replay(settings)
    from bootstrap.live import live  # noqa: PLC0415

    return live(settings, waiting)
