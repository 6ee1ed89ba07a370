"""What makes a short process start sooner. A hook starts this command on every commit; the library does none of it."""

from __future__ import annotations

import gc
import os

_OBJECTS = 200_000


def prepare() -> None:
    """Set this process up. Called once, before anything heavy is imported.

    * Imports make a hundred thousand objects and more that stay, and the collector would look through them again and
      again: it waits for more of them.
    * Pydantic hands every model to the plugins that it finds among the installed distributions. None that happens to
      be installed may change what a policy means, so it is told to leave them.
    """
    gc.set_threshold(_OBJECTS)
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"
