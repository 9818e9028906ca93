"""The tolls of tunnels and bridges (``TUN_BRIDGE_TOLL.csv``, ``TUN_BRIDGE_TV_TOLL.csv``).

Flat tolls are those of the real table of 2020 for private cars, motorcycles and taxis, the three harbour
crossings' invented after the scheme of 2023. The real file of tolls by time was not seen: its columns are
pieced together from clients' code, and its hours are the real scheme's without the two-minute steps.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

BOM = b"\xef\xbb\xbf"
COLUMNS = (
    "TUNNEL_BRIDGE_NAME",
    "TUNNEL_BRIDGE_CHINESE_NAME",
    "FEATURE_ID_1",
    "FEATURE_ID_2",
    "EFFECTIVE_DATE",
    "GAZETTED_TOLL",
    "CONCESSION_TOLL",
    "VEHICLE_CLASS_DESCRIPTION",
    "REMARKS",
    "LAST_UPDATED_DATE",
)
TIMED_COLUMNS = (*COLUMNS[:8], "DAY_OF_WEEK", "START_TIME", "END_TIME", *COLUMNS[8:])
UPDATED = "01/12/2024"
PRIVATE_CAR, MOTORCYCLE, TAXI = "PC", "MC", "TA"
WEEKDAYS, REST_DAYS = "A", "B"

# name, Chinese name, the two toll points, effective from, (gazetted, charged) for cars, motorcycles, taxis
FLAT: tuple[tuple[str, str, str, str, str, tuple[tuple[int, int], ...]], ...] = (
    ("Aberdeen Tunnel", "香港仔隧道", "1019", "1032", "01/04/1991", ((5, 5), (5, 5), (5, 5))),
    ("Cross Harbour Tunnel", "海底隧道", "4290", "4291", "17/12/2023", ((30, 30), (8, 8), (25, 25))),
    ("Eastern Harbour Crossing", "東區海底隧道", "4292", "4293", "17/12/2023", ((30, 30), (13, 13), (25, 25))),
    ("Western Harbour Crossing", "西區海底隧道", "2684", "2685", "17/12/2023", ((30, 30), (25, 25), (25, 25))),
    ("Kai Tak Tunnel", "啟德隧道", "", "", "01/01/1990", ((0, 0), (0, 0), (0, 0))),
    ("Lion Rock Tunnel", "獅子山隧道", "1884", "1886", "01/04/1999", ((8, 8), (8, 8), (8, 8))),
    ("Shing Mun Tunnels", "城門隧道", "1822", "1824", "01/04/1991", ((5, 5), (5, 5), (5, 5))),
    ("Tai Lam Tunnel", "大欖隧道", "4288", "4289", "01/01/2019", ((100, 48), (95, 22), (100, 48))),
    ("Tate's Cairn Tunnel", "大老山隧道", "1963", "1964", "01/01/2016", ((20, 20), (15, 15), (20, 20))),
    (
        "Tsing Sha Control Area (Eagle's Nest Tunnel and Sha Tin Heights Tunnel)",
        "青沙管制區（尖山隧道及沙田嶺隧道）",
        "2040",
        "7804",
        "21/03/2008",
        ((8, 8), (8, 8), (8, 8)),
    ),
)
# private cars: (days, from, to, toll) for the crossing in the west and for the two others
BY_TIME: tuple[tuple[str, str, str, int, int], ...] = (
    (WEEKDAYS, "00:00:00", "07:29:59", 20, 20),
    (WEEKDAYS, "07:30:00", "10:14:59", 60, 40),
    (WEEKDAYS, "10:15:00", "16:29:59", 30, 30),
    (WEEKDAYS, "16:30:00", "18:59:59", 60, 40),
    (WEEKDAYS, "19:00:00", "23:59:59", 20, 20),
    (REST_DAYS, "00:00:00", "10:10:59", 20, 20),
    (REST_DAYS, "10:11:00", "19:14:59", 25, 25),
    (REST_DAYS, "19:15:00", "23:59:59", 20, 20),
)
HARBOUR = ("Western Harbour Crossing", "Cross Harbour Tunnel", "Eastern Harbour Crossing")


def render_tolls() -> bytes:
    """``TUN_BRIDGE_TOLL.csv``."""
    rows = []
    for name, chinese, first, second, since, tolls in FLAT:
        for vehicle, (gazetted, charged) in zip((PRIVATE_CAR, MOTORCYCLE, TAXI), tolls, strict=True):
            rows.append((name, chinese, first, second, since, gazetted, charged, vehicle, " ", UPDATED))
    return _table(COLUMNS, rows)


def render_timed_tolls() -> bytes:
    """``TUN_BRIDGE_TV_TOLL.csv``: private cars through the three crossings of the harbour."""
    rows = []
    for name, chinese, first, second, since, _ in FLAT:
        if name in HARBOUR:
            for days, begins, ends, western, other in BY_TIME:
                toll = western if name == HARBOUR[0] else other
                head = (name, chinese, first, second, since, toll, toll, PRIVATE_CAR)
                rows.append((*head, days, begins, ends, " ", UPDATED))
    return _table(TIMED_COLUMNS, rows)


def _table(columns: Sequence[str], rows: Sequence[tuple[object, ...]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows(rows)
    return BOM + out.getvalue().encode()
