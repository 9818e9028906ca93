"""The catalogue as DCAT 3 in JSON-LD, with all that DCAT-AP demands: what portals gather from one another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from lionrock.app.house import House
from lionrock.app.open_data.forms import FORM_NAMES, MEDIA_TYPES, list_forms
from lionrock.app.open_data.offer import Offer, last_change, source_words
from lionrock.city.place import NAME
from lionrock.core.vocabulary import Language, Text

MEDIA_TYPE = "application/ld+json"
IANA = "https://www.iana.org/assignments/media-types/"
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def describe_catalogue(house: House, base: str, api: str) -> dict[str, Any]:
    """Every open data set with its downloads, their addresses below ``base`` (scheme and host); none that is personal.

    ``api`` is the path that calls stand below.
    """
    offers = [Offer(dataset, service) for service in house.catalogue.services for dataset in service.publishes]
    title = Text(en=f"Open data of {NAME.en}", tc=f"{NAME.tc}開放數據")
    return {
        "@context": CONTEXT,
        "@id": f"{base}{api}/datasets.jsonld",
        "@type": "dcat:Catalog",
        "dct:title": _words(title),
        "dct:description": _words(source_words(house.settings.source)),
        "dct:publisher": _agent(NAME),
        "foaf:homepage": {"@id": f"{base}/en/datasets", "@type": "foaf:Document"},
        "dcat:dataset": [_dataset(house, offer, base, api) for offer in offers if not offer.dataset.personal],
    }


def _dataset(house: House, offer: Offer, base: str, api: str) -> dict[str, Any]:
    dataset = offer.dataset
    changed = last_change(house, dataset)
    return {
        "@id": f"{base}{api}/datasets/{dataset.id}",
        "@type": "dcat:Dataset",
        "dct:identifier": dataset.id,
        "dct:title": _words(dataset.title),
        "dct:description": _words(dataset.description if dataset.description.en else dataset.title),
        "dct:publisher": _agent(offer.service.owner),
        "dcat:landingPage": {"@id": f"{base}/en/datasets/{dataset.id}", "@type": "foaf:Document"},
        "dcat:keyword": _words(offer.service.title),
        "dct:accrualPeriodicity": {"@type": "dct:Frequency", "rdfs:label": _duration(dataset.rhythm)},
        **({"dct:modified": {"@type": "xsd:dateTime", "@value": changed.isoformat()}} if changed else {}),
        "dcat:distribution": list(_distributions(offer, base, api)),
    }


def _distributions(offer: Offer, base: str, api: str) -> Iterator[dict[str, Any]]:
    dataset = offer.dataset
    rights = {"@type": "dct:RightsStatement", "rdfs:label": dataset.licence}
    for form in list_forms(dataset.kind):
        address = f"{base}{api}/datasets/{dataset.id}.{form}"
        yield {
            "@id": address,
            "@type": "dcat:Distribution",
            "dct:title": FORM_NAMES[form],
            "dcat:accessURL": {"@id": address, "@type": "rdfs:Resource"},
            "dcat:downloadURL": {"@id": address, "@type": "rdfs:Resource"},
            "dcat:mediaType": {"@id": IANA + MEDIA_TYPES[form].partition(";")[0], "@type": "dct:MediaType"},
            "dct:rights": rights,
            "dct:conformsTo": {"@id": f"{base}{api}/datasets/{dataset.id}.schema.json", "@type": "dct:Standard"},
        }


def _duration(span: timedelta) -> str:
    """A span of whole seconds as ISO 8601 writes it: PT120S."""
    return f"PT{span // timedelta(seconds=1)}S"


def _agent(name: Text) -> dict[str, Any]:
    return {"@type": "foaf:Agent", "foaf:name": _words(name)}


def _words(text: Text) -> list[dict[str, str]]:
    """A text in every language that it has, each marked by its tag."""
    said = ((language.tag, getattr(text, language.value)) for language in Language)
    return [{"@value": words, "@language": tag} for tag, words in said if words]
