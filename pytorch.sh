#!/bin/sh
# The forecast's networks are trained with PyTorch. Installed where it comes for processors alone; a plain word where not.
python=$1
version=2.13.0 # what the figures in docs/models were measured with
answer=$(dirname "$python")/../.pytorch # why it was not installed: nobody waits twice for that
"$python" -c 'import sys, importlib.util as known; sys.exit(known.find_spec("torch") is None)' && exit 0
install() { "$python" -m pip install --disable-pip-version-check "torch==$version" "$@"; }
if [ ! -f "$answer" ]; then
    if ! wanted=$(install -q --dry-run --report - 2>/dev/null); then
        echo "PyTorch $version cannot be had here." >"$answer"
    elif echo "$wanted" | grep -q '"name": "nvidia'; then
        echo "PyTorch comes here with gigabytes for graphics cards: install its build for processors into .venv." >"$answer"
    else
        echo "Installing PyTorch for the forecast's networks ..."
        install && exit 0
        echo "PyTorch $version could not be installed." >"$answer"
    fi
fi
cat "$answer"
echo "Without it the forecast learns by trees alone, and the tests of its networks are skipped."
