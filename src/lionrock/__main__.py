"""``lionrock`` and ``python -m lionrock``."""

from __future__ import annotations

import importlib


def main() -> None:
    """Run the command line, imported only here: a worker process runs its parent's script again, up to this."""
    importlib.import_module("lionrock.app.cli").main()


if __name__ == "__main__":
    main()
