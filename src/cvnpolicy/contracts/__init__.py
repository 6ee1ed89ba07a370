"""What was trained is what is served, or nothing is: for the process that loads a model. Standard library only.

:func:`enforce` holds an artefact against the committed manifest of its contract, against the environment and against
the columns that are served. It returns what the artefact pins, or raises :class:`EnrichmentConfigMismatch`. There is no
way to go on with a model that does not fit, and nothing is remembered from one call to the next.
"""

from __future__ import annotations

from cvnpolicy.contracts.compare import Mismatch
from cvnpolicy.contracts.enforce import EnrichmentConfigMismatch, enforce
from cvnpolicy.contracts.manifest import ManifestError

__all__ = ["EnrichmentConfigMismatch", "ManifestError", "Mismatch", "enforce"]
