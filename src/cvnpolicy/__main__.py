"""``python -m cvnpolicy``."""

from __future__ import annotations

from cvnpolicy.cli.main import main

if __name__ == "__main__":
    main()
