"""A readiness file written from the policies and from the facts of its story."""

from __future__ import annotations

from cvnpolicy.readiness.render.known import UnknownStoryError, stories
from cvnpolicy.readiness.render.page import render

__all__ = ["UnknownStoryError", "render", "stories"]
