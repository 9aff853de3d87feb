"""The sample recording that comes with the product."""

from importlib.resources import files
from pathlib import Path

BUNDLED = "bundled.kisrec"


def bundled_recording() -> Path:
    """A simulated session of a whole market on both venues."""
    return Path(str(files("adapters.replay") / "bundled" / BUNDLED))
