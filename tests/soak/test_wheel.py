"""The wheel is an ordinary package: it holds all of Lionrock, and runs from wherever it is installed."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from zipfile import ZipFile

import pytest
from running_lionrock import Running, start_lionrock, stop, wait_until_ready

pytestmark = pytest.mark.soak
ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "lionrock"
NEEDED = (
    "py.typed",
    "app/pages/static/manifest.json",
    "app/pages/static/coastline-*.json",
    "app/pages/static/console-*.js",
    "app/pages/static/page-*.css",
    "app/pages/templates/*.html",
    "app/new_service_template/*",
    "core/records/migrations/env.py",
    "core/records/migrations/versions/*.py",
    "services/*/*/pages/*.html",
    "services/*/*/samples/*",
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "build", "--wheel", "--outdir", str(folder)], cwd=ROOT, check=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installed")
    install = ("install", "--disable-pip-version-check", "--no-deps", "--no-index", "--target", str(folder), str(wheel))
    subprocess.run([sys.executable, "-m", "pip", *install], check=True)
    return folder


@pytest.fixture(scope="module")
def lionrock(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A Lionrock of the installed package that finds no program on its path, and logs every module that it loads."""
    folder = tmp_path_factory.mktemp("elsewhere")
    way = {"PYTHONPATH": str(installed), "PYTHONVERBOSE": "1", "PATH": str(folder)}
    running = start_lionrock(folder, LIONROCK_BACKFILL_DAYS="0", **way)
    try:
        wait_until_ready(running)
        yield running
    finally:
        stop(running)


def test_the_wheel_holds_every_file_of_the_package_and_the_licences(wheel: Path) -> None:
    with ZipFile(wheel) as packed:
        names = set(packed.namelist())
    files = {path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*") if path.is_file()}
    files = {name for name in files if "__pycache__/" not in name}
    assert [needed for needed in NEEDED if not any(fnmatch(name, needed) for name in files)] == []
    assert {f"lionrock/{name}" for name in files} - names == set()
    assert {name.rpartition("/")[2] for name in names if "/licenses/" in name} == {"LICENSE", "NOTICE"}


def test_what_runs_was_loaded_from_the_folder_it_was_installed_in(lionrock: Running, installed: Path) -> None:
    log = (lionrock.folder / "log.txt").read_text()
    assert f"{installed}/lionrock/__init__.py" in log
    assert f"{installed}/lionrock/twin/__main__.py" in log
    assert f"{PACKAGE}/" not in log


def test_the_first_page_and_every_asset_are_served(lionrock: Running, installed: Path) -> None:
    page = lionrock.get("/en/")
    assert (page.status_code, 'data-testid="simulated"' in page.text) == (200, True)
    linked = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text))
    assert linked
    manifest = installed / "lionrock" / "app" / "pages" / "static" / "manifest.json"
    for path in linked | {f"/static/{name}" for name in json.loads(manifest.read_text()).values()}:
        asset = lionrock.get(path)
        assert (asset.status_code, bool(asset.content)) == (200, True), path
