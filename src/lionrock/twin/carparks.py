"""Car parks and metered streets: where they are and how they fill and empty."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from lionrock.core.vocabulary import Text
from lionrock.twin.calendar import HONG_KONG, is_rest_day
from lionrock.twin.chance import number_for, share_for
from lionrock.twin.junctions import DISTRICTS, JUNCTIONS

# Share of spaces taken by hour of day, for a working day and a day of rest.
_OFFICE = (8, 6, 5, 5, 5, 6, 12, 34, 66, 88, 95, 96, 93, 94, 95, 94, 90, 80, 58, 38, 26, 18, 13, 10)
_QUIET = (8, 6, 5, 5, 5, 5, 6, 8, 12, 18, 24, 28, 30, 32, 33, 33, 31, 28, 24, 20, 16, 13, 11, 9)
_MALL = (10, 7, 5, 5, 5, 5, 7, 12, 22, 34, 48, 62, 78, 82, 78, 74, 76, 84, 92, 93, 84, 62, 34, 18)
_MALL_REST = (12, 8, 6, 5, 5, 5, 6, 9, 18, 36, 60, 84, 95, 98, 98, 97, 96, 96, 97, 95, 84, 60, 34, 18)
_HOME = (94, 95, 96, 96, 96, 95, 90, 76, 60, 50, 46, 45, 46, 46, 46, 47, 50, 58, 70, 80, 86, 90, 92, 93)
_HOME_REST = (95, 96, 96, 96, 96, 96, 94, 90, 82, 74, 68, 65, 66, 64, 62, 62, 64, 68, 74, 80, 85, 89, 92, 94)
_RIDE = (22, 20, 20, 20, 21, 26, 44, 70, 88, 95, 97, 97, 96, 96, 95, 93, 88, 74, 56, 42, 34, 30, 27, 24)
_RIDE_REST = (24, 22, 21, 21, 22, 24, 30, 38, 48, 58, 66, 70, 72, 73, 72, 70, 66, 60, 52, 44, 38, 33, 29, 26)
PATTERNS = {
    "office": (_OFFICE, _QUIET),
    "mall": (_MALL, _MALL_REST),
    "estate": (_HOME, _HOME_REST),
    "transport": (_RIDE, _RIDE_REST),
}


@dataclass(frozen=True, slots=True)
class CarPark:
    """A car park: ``spaces`` by vehicle type (P cars, M motorcycles); a ``flagged`` one only says if it is full."""

    id: str
    name: Text
    address: Text
    district: Text
    lon: float
    lat: float
    pattern: str
    spaces: tuple[tuple[str, int], ...]
    height_m: float
    flagged: bool = False


def _park(
    name: str,
    junction: str,
    pattern: str,
    spaces: int,
    offset: tuple[int, int] = (0, 0),
    *,
    motorcycles: int = 0,
    flagged: bool = False,
) -> CarPark:
    """One line of the table: the car park stands ``offset`` metres east and north of a junction."""
    near = JUNCTIONS[junction]
    en, tc = name.split(" / ")
    district = DISTRICTS[near.district]
    number = number_for(0, name, "car park")
    return CarPark(
        id=f"tdc{number % 900 + 100}p{number // 1000 % 9 + 1}",
        name=Text(en=en, tc=tc),
        address=Text(en=f"{near.place.en}, {district.en}", tc=f"{district.tc}{near.place.tc}"),
        district=Text(en=district.en, tc=district.tc if district.tc.endswith("區") else f"{district.tc}區"),
        lon=round(near.lon + offset[0] / 102_900, 6),
        lat=round(near.lat + offset[1] / 110_760, 6),
        pattern=pattern,
        spaces=(("P", spaces), ("M", motorcycles)) if motorcycles else (("P", spaces),),
        height_m=round(1.7 + number % 7 / 10, 1),
        flagged=flagged,
    )


CAR_PARKS: tuple[CarPark, ...] = (
    _park("Star Ferry Car Park / 天星碼頭停車場", "central", "office", 377, (500, -150)),
    _park("City Hall Car Park / 大會堂停車場", "central", "office", 171, (750, -350)),
    _park("Rumsey Street Car Park / 林士街停車場", "central", "office", 835, (-150, -60), motorcycles=30),
    _park("Admiralty Centre Car Park / 海富中心停車場", "admiralty", "office", 290, (-60, -70)),
    _park("Queensway Car Park / 金鐘道停車場", "admiralty", "office", 560, (100, -220)),
    _park("Kennedy Town Car Park / 堅尼地城停車場", "kennedy-town", "estate", 195, (-90, -250), motorcycles=12),
    _park("Sheung Fung Street Car Park / 雙鳳街停車場", "wong-tai-sin", "estate", 267, (300, 120)),
    _park("Wan Chai Waterfront Car Park / 灣仔海濱停車場", "wan-chai", "office", 420, (-150, 280)),
    _park("Times Square Car Park / 時代廣場停車場", "causeway-bay", "mall", 700, (-650, -600)),
    _park("Victoria Park Car Park / 維多利亞公園停車場", "causeway-bay", "mall", 320, (250, -180)),
    _park("Tin Hau Car Park / 天后停車場", "causeway-bay", "estate", 428, (480, -150), motorcycles=18),
    _park("Island East Centre Car Park / 港島東中心停車場", "quarry-bay", "office", 510, (-50, -380)),
    _park("Cityplaza Car Park / 太古城中心停車場", "shau-kei-wan", "mall", 834, (-1100, 700)),
    _park("Chai Wan Public Car Park / 柴灣公眾停車場", "chai-wan", "estate", 240, (60, -160), flagged=True),
    _park("Aberdeen Centre Car Park / 香港仔中心停車場", "aberdeen", "mall", 310, (-80, 120)),
    _park("Middle Road Car Park / 中間道停車場", "tsim-sha-tsui", "mall", 410, (-120, -60)),
    _park("Harbour Front Car Park / 海濱廣場停車場", "tsim-sha-tsui", "mall", 1050, (-480, 60)),
    _park("Hung Hom Station Car Park / 紅磡站停車場", "hung-hom", "transport", 610, (30, 120), motorcycles=40),
    _park("Elements Car Park / 圓方停車場", "west-kowloon", "mall", 1200, (80, -90)),
    _park("Yau Ma Tei Car Park / 油麻地停車場", "yau-ma-tei", "mall", 360, (60, -80)),
    _park("Langham Place Car Park / 朗豪坊停車場", "mong-kok", "mall", 253, (-120, -120)),
    _park("Olympian City Car Park / 奧海城停車場", "olympic", "mall", 640, (120, -130)),
    _park("Festival Walk Car Park / 又一城停車場", "kowloon-tong", "mall", 830, (-280, -30)),
    _park("Lai Chi Kok Park Car Park / 荔枝角公園停車場", "mei-foo", "estate", 190, (160, 60)),
    _park("Kai Tak Sports Park Car Park / 啟德體育園停車場", "kai-tak", "mall", 900, (-450, -500)),
    _park("Plaza Hollywood Car Park / 荷里活廣場停車場", "diamond-hill", "mall", 800, (-120, 260)),
    _park("MegaBox Car Park / MegaBox停車場", "kowloon-bay", "mall", 870, (-460, -330)),
    _park("apm Car Park / apm停車場", "kwun-tong", "mall", 550, (60, 30)),
    _park("Lam Tin Estate Car Park / 藍田邨停車場", "lam-tin", "estate", 420, (200, 260), flagged=True),
    _park("Park Central Car Park / 將軍澳中心停車場", "tseung-kwan-o", "mall", 700, (-60, -350)),
    _park("Sai Kung Waterfront Car Park / 西貢海濱停車場", "sai-kung", "mall", 260, (120, 60), motorcycles=25),
    _park("Metroplaza Car Park / 新都會廣場停車場", "kwai-fong", "mall", 450, (80, 90)),
    _park("Tsuen Wan Public Car Park / 荃灣公眾停車場", "tsuen-wan", "office", 545, (60, 160), motorcycles=22),
    _park("Tsing Yi Station Car Park / 青衣站停車場", "tsing-yi", "transport", 340, (-60, 620)),
    _park("Tung Chung Station Car Park / 東涌站停車場", "tung-chung", "transport", 480, (-420, -140)),
    _park("Airport Car Park 4 / 機場四號停車場", "airport", "transport", 1950, (600, 700)),
    _park("Tuen Mun Town Plaza Car Park / 屯門市廣場停車場", "tuen-mun", "mall", 560, (-60, -40)),
    _park("Yoho Mall Car Park / 形點停車場", "yuen-long", "mall", 700, (620, 900)),
    _park("Tin Ching Estate Phase 1 Car Park / 天晴邨第一期停車場", "tin-shui-wai", "estate", 280, (40, 600)),
    _park("Sheung Shui Centre Car Park / 上水中心停車場", "sheung-shui", "mall", 330, (160, 120)),
    _park("Tai Po Mega Mall Car Park / 大埔超級城停車場", "tai-po", "mall", 480, (220, -60)),
    _park("New Town Plaza Car Park / 新城市廣場停車場", "sha-tin", "mall", 1200, (-220, -120)),
    _park("Sha Tin Racecourse Park and Ride / 沙田馬場泊車轉乘", "fo-tan", "transport", 830, (700, 700)),
    _park("Ma On Shan Plaza Car Park / 馬鞍山廣場停車場", "ma-on-shan", "mall", 300, (40, 620)),
)  # fmt: skip


def vacant_spaces(seed: int, park: CarPark, vehicle: str, moment: datetime) -> int:
    """Free spaces for a type of vehicle at ``moment``; 0 when full."""
    capacity = dict(park.spaces)[vehicle]
    taken = _taken(seed, park, moment)
    jitter = (share_for(seed, park.id, vehicle, int(moment.timestamp() // 60), "cars") - 0.5) * 3
    return max(0, min(capacity, round(capacity * (1 - taken) + jitter)))


def _taken(seed: int, park: CarPark, moment: datetime) -> float:
    """The share of spaces taken: the day's pattern, the day's mood and half-hours' chance."""
    local = moment.astimezone(HONG_KONG)
    pattern = PATTERNS[park.pattern][is_rest_day(local.date())]
    place = local.hour + local.minute / 60 + local.second / 3600
    low = math.floor(place)
    usual = (pattern[low] * (low + 1 - place) + pattern[(low + 1) % 24] * (place - low)) / 100
    mood = (share_for(seed, park.id, local.date(), "mood") - 0.5) * 0.12
    slot = moment.timestamp() / 1800
    first, second = (share_for(seed, park.id, math.floor(slot) + step, "turn") - 0.5 for step in (0, 1))
    part = slot - math.floor(slot)
    return min(1.02, max(0.0, usual + mood + 0.08 * (first * (1 - part) + second * part)))


@dataclass(frozen=True, slots=True)
class MeteredSpace:
    """One metered space on a street; pole numbers above 90000 are the operator's tests."""

    id: str
    pole: int
    region: Text
    district: Text
    place: Text
    street: Text
    section: Text
    lon: float
    lat: float
    vehicle: str


REGIONS = (Text(en="HONG KONG", tc="香港島"), Text(en="KOWLOON", tc="九龍"), Text(en="NEW TERRITORIES", tc="新界"))
ISLAND = ("Central & Western", "Wan Chai", "Eastern", "Southern")
PENINSULA = ("Yau Tsim Mong", "Sham Shui Po", "Kowloon City", "Wong Tai Sin", "Kwun Tong")
STREETS: tuple[tuple[str, str, int], ...] = (
    ("LOCKHART ROAD / 駱克道", "wan-chai", 18),
    ("JAFFE ROAD / 謝斐道", "wan-chai", 14),
    ("ELECTRIC ROAD / 電氣道", "north-point", 16),
    ("DES VOEUX ROAD WEST / 德輔道西", "western", 14),
    ("CATCHICK STREET / 吉席街", "kennedy-town", 12),
    ("WHARF ROAD / 和富道", "north-point", 12),
    ("SHAU KEI WAN MAIN STREET EAST / 筲箕灣東大街", "shau-kei-wan", 10),
    ("OLD MAIN STREET / 舊大街", "aberdeen", 10),
    ("PARKES STREET / 白加士街", "jordan", 14),
    ("SAI YEUNG CHOI STREET SOUTH / 西洋菜南街", "mong-kok", 20),
    ("FA YUEN STREET / 花園街", "mong-kok", 16),
    ("RECLAMATION STREET / 新填地街", "yau-ma-tei", 18),
    ("GRANVILLE ROAD / 加連威老道", "tsim-sha-tsui", 14),
    ("MAN TAI STREET / 民泰街", "hung-hom", 12),
    ("YEN CHOW STREET / 欽州街", "sham-shui-po", 16),
    ("CHEUNG SHA WAN ROAD / 長沙灣道", "lai-chi-kok", 18),
    ("FUK WING STREET / 福榮街", "sham-shui-po", 14),
    ("MA TAU WAI ROAD / 馬頭圍道", "to-kwa-wan", 14),
    ("NGA TSIN LONG ROAD / 衙前塱道", "kowloon-city", 16),
    ("SHUNG LING STREET / 崇齡街", "wong-tai-sin", 12),
    ("WANG CHIU ROAD / 宏照道", "kowloon-bay", 14),
    ("HUNG TO ROAD / 鴻圖道", "kwun-tong", 18),
    ("YUE MAN SQUARE / 裕民坊", "kwun-tong", 10),
    ("SHEK YAM ROAD / 石蔭路", "kwai-chung", 12),
    ("SHA TSUI ROAD / 沙咀道", "tsuen-wan", 16),
    ("CASTLE PEAK ROAD / 青山公路", "yuen-long", 14),
    ("TUEN MUN HEUNG SZE WUI ROAD / 屯門鄉事會路", "tuen-mun", 12),
    ("SAN FUNG AVENUE / 新豐路", "sheung-shui", 12),
    ("LUEN WO ROAD / 聯和道", "fanling", 12),
    ("ON FU ROAD / 安富道", "tai-po", 12),
    ("PAI TAU STREET / 排頭街", "sha-tin", 10),
    ("CHIK SAU LANE / 積壽里", "tai-wai", 10),
    ("MAN NIN STREET / 萬年街", "sai-kung", 14),
)
TEST_POLES = 2
SLOT_S = 1500
LONGEST_STAY_SLOTS = 12
BROKEN_PER_MILLE = 20


@cache
def list_metered_spaces() -> tuple[MeteredSpace, ...]:
    """Every metered space, the operator's test poles last."""
    spaces: list[MeteredSpace] = []
    for row, (name, junction, count) in enumerate(STREETS):
        near = JUNCTIONS[junction]
        region = REGIONS[0 if near.district in ISLAND else 1 if near.district in PENINSULA else 2]
        for number in range(count):
            side, pole = "AB"[number % 2], 1000 + row * 20 + number // 2
            offset = (number // 2) * 6e-5
            spaces.append(
                _space(name, junction, region, pole, side, (offset, offset / 2), "ABC"[0 if number % 9 else row % 3])
            )
    tests = (
        _space("TEST STREET / 測試街", "mong-kok", REGIONS[1], 90_001 + number, "A", (0.0, 0.0), "A")
        for number in range(TEST_POLES)
    )
    return (*spaces, *tests)


def _space(
    name: str, junction: str, region: Text, pole: int, side: str, offset: tuple[float, float], vehicle: str
) -> MeteredSpace:
    near = JUNCTIONS[junction]
    en, tc = name.split(" / ")
    return MeteredSpace(
        id=f"{pole}{side}",
        pole=pole,
        region=region,
        district=Text(en=near.district.upper(), tc=DISTRICTS[near.district].tc),
        place=Text(en=near.place.en.upper(), tc=near.place.tc),
        street=Text(en=en, tc=tc),
        section=Text(en=f"NEAR {near.place.en.upper()}", tc=f"近{near.place.tc}"),
        lon=round(near.lon - 0.0008 + offset[0], 6),
        lat=round(near.lat - 0.0006 + offset[1], 6),
        vehicle=vehicle,
    )


def meter_state(seed: int, space: MeteredSpace, moment: datetime) -> tuple[bool, bool, datetime]:
    """Whether a meter works, whether its space is taken, and since when it is so."""
    works = number_for(seed, space.id, moment.astimezone(HONG_KONG).date(), "meter") % 1000 >= BROKEN_PER_MILLE
    phase = number_for(seed, space.id, "phase") % SLOT_S
    slot = int(moment.timestamp() + phase) // SLOT_S
    taken = _space_taken(seed, space, slot)
    first = slot
    while slot - first < LONGEST_STAY_SLOTS and _space_taken(seed, space, first - 1) == taken:
        first -= 1
    return works, taken, datetime.fromtimestamp(first * SLOT_S - phase, HONG_KONG)


def _space_taken(seed: int, space: MeteredSpace, slot: int) -> bool:
    hour = datetime.fromtimestamp(slot * SLOT_S, HONG_KONG).hour
    busy = 0.35 + 0.55 * math.sin(math.pi * max(0, hour - 6) / 18)
    return share_for(seed, space.id, slot, "space") < busy
