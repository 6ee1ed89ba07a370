"""Facts that people or other programs write down, in a YAML file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BeforeValidator, Discriminator, Field, Tag, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from cvnpolicy.core.evidence import FactNeed, FactReading, Unavailable
from cvnpolicy.core.model import Model, ScalarValue
from cvnpolicy.core.time import InstantField
from cvnpolicy.sources.refused import Refused, nearest

MOST_BYTES = 2**20
