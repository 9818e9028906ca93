"""Where the Observatory's automatic stations stand, and what its feeds call them.

Typed from the Observatory's public station list to about 100 m; a feed's places are matched by name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lionrock.core.vocabulary import Text


@dataclass(frozen=True, slots=True)
class Station:
    """One automatic weather station, WGS 84."""

    id: str
    name: Text
    lon: float
    lat: float


def _station(en: str, tc: str, lat: float, lon: float) -> Station:
    return Station(slug(en), Text(en=en, tc=tc), lon, lat)


def slug(place: str) -> str:
    """``King's Park`` as kings_park; a Chinese name that no table knows stays itself."""
    return re.sub(r"[^\w]+", "_", place.lower().replace("'", "").replace("’", "")).strip("_")


STATIONS = (
    _station("Hong Kong Observatory", "香港天文台", 22.3019, 114.1742),
    _station("King's Park", "京士柏", 22.3119, 114.1728),
    _station("Wong Chuk Hang", "黃竹坑", 22.2478, 114.1736),
    _station("Ta Kwu Ling", "打鼓嶺", 22.5286, 114.1567),
    _station("Lau Fau Shan", "流浮山", 22.4689, 113.9836),
    _station("Tai Po", "大埔", 22.4461, 114.1789),
    _station("Sha Tin", "沙田", 22.4025, 114.2100),
    _station("Tuen Mun", "屯門", 22.3858, 113.9642),
    _station("Tseung Kwan O", "將軍澳", 22.3158, 114.2556),
    _station("Sai Kung", "西貢", 22.3756, 114.2744),
    _station("Cheung Chau", "長洲", 22.2011, 114.0267),
    _station("Chek Lap Kok", "赤鱲角", 22.3094, 113.9219),
    _station("Tsing Yi", "青衣", 22.3442, 114.1100),
    _station("Shek Kong", "石崗", 22.4361, 114.0847),
    _station("Tsuen Wan Ho Koon", "荃灣可觀", 22.3836, 114.1078),
    _station("Tsuen Wan Shing Mun Valley", "荃灣城門谷", 22.3756, 114.1267),
    _station("Hong Kong Park", "香港公園", 22.2783, 114.1622),
    _station("Shau Kei Wan", "筲箕灣", 22.2817, 114.2361),
    _station("Kowloon City", "九龍城", 22.3350, 114.1847),
    _station("Happy Valley", "跑馬地", 22.2706, 114.1836),
    _station("Wong Tai Sin", "黃大仙", 22.3394, 114.2053),
    _station("Stanley", "赤柱", 22.2142, 114.2186),
    _station("Kwun Tong", "觀塘", 22.3186, 114.2247),
    _station("Sham Shui Po", "深水埗", 22.3358, 114.1369),
    _station("Kau Sai Chau", "滘西洲", 22.3703, 114.3125),
    _station("Kai Tak Runway Park", "啟德跑道公園", 22.3047, 114.2169),
    _station("Yuen Long Park", "元朗公園", 22.4408, 114.0183),
    _station("Tai Mei Tuk", "大美督", 22.4753, 114.2375),
    _station("Waglan Island", "橫瀾島", 22.1822, 114.3033),
    _station("Peng Chau", "坪洲", 22.2911, 114.0433),
    _station("Central Pier", "中環碼頭", 22.2889, 114.1558),
    _station("Cheung Chau Beach", "長洲泳灘", 22.2108, 114.0292),
    _station("Green Island", "青洲", 22.2850, 114.1128),
    _station("Hong Kong Sea School", "香港航海學校", 22.2175, 114.2145),
    _station("Kai Tak", "啟德", 22.3097, 114.2133),
    _station("Lamma Island", "南丫島", 22.2261, 114.1086),
    _station("Ngong Ping", "昂坪", 22.2586, 113.9128),
    _station("North Point", "北角", 22.2944, 114.1997),
    _station("Sha Chau", "沙洲", 22.3458, 113.8911),
    _station("Star Ferry", "天星碼頭", 22.2931, 114.1686),
    _station("Tai Po Kau", "大埔滘", 22.4425, 114.1842),
    _station("Tap Mun", "塔門", 22.4714, 114.3606),
    _station("Tate's Cairn", "大老山", 22.3578, 114.2178),
    _station("Wetland Park", "濕地公園", 22.4667, 114.0089),
    _station("Sheung Shui", "上水", 22.5019, 114.1111),
    _station("Pak Tam Chung", "北潭涌", 22.4028, 114.3231),
    _station("Clear Water Bay", "清水灣", 22.2633, 114.2997),
    _station("Tai Mo Shan", "大帽山", 22.4106, 114.1244),
    _station("The Peak", "山頂", 22.2642, 114.1550),
)

OTHER_NAMES = {
    "HK Observatory": "hong_kong_observatory",
    "天文台": "hong_kong_observatory",
    "HK Park": "hong_kong_park",
}
BY_NAME = {name: station.id for station in STATIONS for name in (station.name.en, station.name.tc)} | OTHER_NAMES

# The districts of the hourly rainfall table, which the Chinese edition names in Chinese.
DISTRICTS = {
    "Central & Western District": "中西區",
    "Eastern District": "東區",
    "Kwai Tsing": "葵青",
    "Islands District": "離島區",
    "North District": "北區",
    "Sai Kung": "西貢",
    "Sha Tin": "沙田",
    "Southern District": "南區",
    "Tai Po": "大埔",
    "Tsuen Wan": "荃灣",
    "Tuen Mun": "屯門",
    "Wan Chai": "灣仔",
    "Yuen Long": "元朗",
    "Yau Tsim Mong": "油尖旺",
    "Sham Shui Po": "深水埗",
    "Kowloon City": "九龍城",
    "Wong Tai Sin": "黃大仙",
    "Kwun Tong": "觀塘",
}
DISTRICT_BY_NAME = {name: slug(en) for en, tc in DISTRICTS.items() for name in (en, tc)}


def station_id(place: str) -> str:
    """The sensor id of a station by its English or Chinese name; an unknown one is called by its own name."""
    return BY_NAME[place] if place in BY_NAME else slug(place)


def district_id(place: str) -> str:
    """The sensor id of a district by its English or Chinese name; an unknown one is called by its own name."""
    return DISTRICT_BY_NAME[place] if place in DISTRICT_BY_NAME else slug(place)
