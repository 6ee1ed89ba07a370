"""From a module to the distributions that give it. What is only a guess by name is said to be one."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import packages_distributions
from types import MappingProxyType

from packaging.utils import canonicalize_name

KNOWN: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "attr": ("attrs",),
        "bs4": ("beautifulsoup4",),
        "Crypto": ("pycryptodome",),
        "cv2": ("opencv-python", "opencv-python-headless", "opencv-contrib-python"),
        "dateutil": ("python-dateutil",),
        "dotenv": ("python-dotenv",),
        "fitz": ("pymupdf",),
        "git": ("gitpython",),
        "google.cloud.bigquery": ("google-cloud-bigquery",),
        "google.cloud.storage": ("google-cloud-storage",),
        "google.protobuf": ("protobuf",),
        "grpc": ("grpcio",),
        "jose": ("python-jose",),
        "jwt": ("pyjwt",),
        "kafka": ("kafka-python",),
        "ldap": ("python-ldap",),
        "magic": ("python-magic",),
        "MySQLdb": ("mysqlclient",),
        "mlflow": ("mlflow", "mlflow-skinny"),
        "OpenSSL": ("pyopenssl",),
        "PIL": ("pillow",),
        "pkg_resources": ("setuptools",),
        "psycopg2": ("psycopg2", "psycopg2-binary"),
        "serial": ("pyserial",),
        "skimage": ("scikit-image",),
        "sklearn": ("scikit-learn",),
        "slugify": ("python-slugify",),
        "socks": ("pysocks",),
        "talib": ("ta-lib",),
        "telegram": ("python-telegram-bot",),
        "usb": ("pyusb",),
        "websocket": ("websocket-client",),
        "yaml": ("pyyaml",),
        "zmq": ("pyzmq",),
    }
)
"""Modules whose name is not that of their distribution, as the distributions' own pages say."""

_GONE = {
    12: "asynchat asyncore distutils imp smtpd",
    13: "aifc audioop cgi cgitb chunk crypt imghdr lib2to3 mailcap msilib nis nntplib ossaudiodev pipes sndhdr spwd "
    "sunau telnetlib uu xdrlib",
}
"""By minor version of Python 3, the modules that it no longer has ("What's New in Python 3.12" and "3.13")."""
_CAME = {9: "graphlib zoneinfo", 11: "tomllib", 14: "annotationlib compression"}
"""Likewise, those that it has first."""


@dataclass(frozen=True)
class Given:
    """Which distributions give a module; any one of them is enough."""

    names: tuple[str, ...]
    guessed: bool
    """Whether the module's own name is all that is known."""


@lru_cache(maxsize=16)
def standard(python: str) -> frozenset[str]:
    """Return the modules of the standard library of a version of Python.

    Args:
        python: Major and minor, ``3.11``.
    """
    minor = int(python.partition(".")[2])
    gone = {name for since, names in _GONE.items() for name in names.split() if minor >= since}
    ever = {name for names in _GONE.values() for name in names.split()}
    later = {name for since, names in _CAME.items() for name in names.split() if minor < since}
    came = {name for since, names in _CAME.items() for name in names.split() if minor >= since}
    return frozenset((sys.stdlib_module_names | ever | came | {"__future__", "__main__"}) - gone - later)


def given(module: str, told: Mapping[str, Sequence[str]]) -> Given:
    """Return which distributions give a module.

    Args:
        module: Dotted.
        told: What the policy says of modules. The longest name that the module begins with counts, here and in
            :data:`KNOWN`.
    """
    parts = module.split(".")
    for table in (told, KNOWN):
        for end in range(len(parts), 0, -1):
            names = table.get(".".join(parts[:end]))
            if names is not None:
                return Given(tuple(map(canonicalize_name, names)), guessed=False)
    own = canonicalize_name(parts[0])
    installed = tuple(dict.fromkeys(map(canonicalize_name, _installed().get(parts[0], ()))))
    return (
        Given(installed, guessed=False) if installed and own not in installed else Given((own,), guessed=not installed)
    )


@lru_cache(maxsize=1)
def _installed() -> Mapping[str, Sequence[str]]:
    """Return what the distributions that are installed beside cvnpolicy say of themselves; read once."""
    return packages_distributions()
