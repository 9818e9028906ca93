"""The catalogue held against the shapes of DCAT-AP 3.0.1, where they lie beside this checkout."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyshacl
import pytest
import rdflib

from lionrock.app.discovery import discover
from lionrock.app.house import House
from lionrock.app.open_data.dcat import describe_catalogue
from lionrock.app.status import SAMPLES_RECEIVED
from lionrock.core.clock import SetClock
from lionrock.core.settings import Settings
from lionrock.core.vocabulary import Source

SHAPES = Path(__file__).resolve().parents[3] / "shared" / "conformance" / "dcat-ap-shacl" / "dcat-ap-SHACL.ttl"

pytestmark = [
    pytest.mark.skipif(not SHAPES.exists(), reason=f"the shapes of DCAT-AP are not beside this checkout ({SHAPES})"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # within the libraries that read RDF
]


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    settings = Settings(data=tmp_path_factory.mktemp("dcat"), source=Source.TWIN)
    with House.open(settings, SetClock(SAMPLES_RECEIVED), discover()) as house:
        return describe_catalogue(house, "https://data.example.org", "/api/v1")


def faults(catalogue: dict[str, Any]) -> str:
    """What the shapes that must hold complain of; empty where nothing."""
    graph = rdflib.Graph().parse(data=json.dumps(catalogue), format="json-ld")
    conforms, _, told = pyshacl.validate(graph, shacl_graph=rdflib.Graph().parse(SHAPES), inference="none")
    return "" if conforms else str(told)


def test_the_catalogue_has_all_that_is_mandatory(catalogue: dict[str, Any]) -> None:
    assert faults(catalogue) == ""


@pytest.mark.parametrize("wanted", ["dct:title", "dct:description"])
def test_the_shapes_see_what_is_missing(catalogue: dict[str, Any], wanted: str) -> None:
    first, *others = catalogue["dcat:dataset"]
    without = {name: value for name, value in first.items() if name != wanted}
    assert wanted.partition(":")[2] in faults({**catalogue, "dcat:dataset": [without, *others]})
