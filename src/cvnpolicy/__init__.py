"""cvnpolicy: production rules for trading-ML systems, written as YAML and judged on evidence.

Importing this package does nothing. The Python API is :mod:`cvnpolicy.api`; the command is ``cvnpolicy``.
"""

__version__ = "0.1.0"
