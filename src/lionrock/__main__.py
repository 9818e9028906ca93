"""``python -m lionrock`` is ``lionrock``."""

from lionrock.app.cli import main

main()
