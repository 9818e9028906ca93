"""This city: its zone, grid, languages, bounds and the hosts of its feeds. The one room that says Hong Kong."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from lionrock.core.vocabulary import BadDeclaration, Text

NAME = Text(en="Hong Kong", tc="香港")
ZONE = ZoneInfo("Asia/Hong_Kong")
GRID = "EPSG:2326"  # Hong Kong 1980 Grid
BOUNDS = (113.80, 22.13, 114.45, 22.58)  # west, south, east, north in degrees, WGS 84

GENERAL_LIMIT_KMH = 50.0  # where no sign says otherwise

DATA_GOV_HK = "DATA.GOV.HK terms of use"

HOSTS = {
    "td": "https://resource.data.one.gov.hk/td",
    "td-static": "https://static.data.gov.hk/td",
    "td-www": "https://www.td.gov.hk",
    "hko": "https://data.weather.gov.hk/weatherAPI",
    "csdi": "https://portal.csdi.gov.hk/server/services/common",
    "1823": "https://www.1823.gov.hk/common",
    "kmb": "https://data.etabus.gov.hk/v1/transport/kmb",
    "citybus": "https://rt.data.gov.hk/v2/transport/citybus",
    "simulation": "https://twin",  # ours, and only beside the twin: what measures against an incident would save
    "archive": "https://api.data.gov.hk/v1/historical-archive",
}


def in_city(lon: float, lat: float) -> bool:
    """Whether a point (degrees, WGS 84) lies within the city's bounds; False for NaN."""
    west, south, east, north = BOUNDS
    return west <= lon <= east and south <= lat <= north


def address(short: str) -> str:
    """The full address of ``short`` (``td/carpark/vacancy_all.json``), whose first part names a host.

    A whole ``https://`` address stays as it is: a city's private services cannot add hosts here. Raises BadDeclaration.
    """
    if short.startswith("https://"):
        return short
    host, _, path = short.partition("/")
    if host not in HOSTS:
        raise BadDeclaration(
            f"{short}: no host is called {host!r}; city/place.py knows {', '.join(HOSTS)}; "
            "or give the whole https:// address"
        )
    return f"{HOSTS[host]}/{path}"
