"""The Observatory's weather stations that the feeds name, at true-enough places."""

from __future__ import annotations

from dataclasses import dataclass

from lionrock.core.vocabulary import Text


@dataclass(frozen=True, slots=True)
class Station:
    """A station; ``exposure`` multiplies the wind, ``cooler_c`` is how much colder than the city it is.

    ``name`` is the word of the regional files, ``report`` the words of the weather report ('' in both
    languages where the report leaves the station out). Which files name the station: ``wind``, ``warmth``.
    """

    name: str
    report: Text
    lon: float
    lat: float
    exposure: float = 0.8
    cooler_c: float = 0.0
    wind: bool = False
    warmth: bool = True


def _station(
    name: str,
    chinese: str,
    lon: float,
    lat: float,
    exposure: float = 0.8,
    cooler_c: float = 0.0,
    *,
    kinds: str = "t",
    report: str | None = None,
) -> Station:
    words = Text(en=name if report is None else report, tc=chinese) if chinese else Text()
    return Station(name, words, lon, lat, exposure, cooler_c, wind="w" in kinds, warmth="t" in kinds)


STATIONS: tuple[Station, ...] = (
    _station("Central Pier", "", 114.1556, 22.2889, 1.1, kinds="w"),
    _station("Chek Lap Kok", "赤鱲角", 113.9219, 22.3094, 1.2, kinds="wt"),
    _station("Cheung Chau", "長洲", 114.0267, 22.2011, 1.4, 0.6, kinds="wt"),
    _station("Cheung Chau Beach", "", 114.0292, 22.2108, 1.2, kinds="w"),
    _station("Clear Water Bay", "", 114.2997, 22.2633, 1.1, 0.8),
    _station("Green Island", "", 114.1122, 22.2850, 1.7, kinds="w"),
    _station("Happy Valley", "跑馬地", 114.1836, 22.2708, 0.5, -0.2),
    _station("HK Observatory", "香港天文台", 114.1741, 22.3019, 0.6, -0.3, report="Hong Kong Observatory"),
    _station("HK Park", "香港公園", 114.1622, 22.2783, 0.5, 0.0, report="Hong Kong Park"),
    _station("Hong Kong Sea School", "", 114.2144, 22.2183, 0.9, kinds="w"),
    _station("Kai Tak", "", 114.2136, 22.3097, 1.0, kinds="w"),
    _station("Kai Tak Runway Park", "啟德跑道公園", 114.2169, 22.3047, 1.0, 0.2),
    _station("Kau Sai Chau", "", 114.3125, 22.3703, 1.0, 0.6),
    _station("King's Park", "京士柏", 114.1728, 22.3119, 0.8, 0.1, kinds="wt"),
    _station("Kowloon City", "九龍城", 114.1847, 22.3350, 0.6, -0.3),
    _station("Kwun Tong", "觀塘", 114.2247, 22.3186, 0.6, -0.1),
    _station("Lamma Island", "", 114.1086, 22.2261, 1.1, kinds="w"),
    _station("Lau Fau Shan", "流浮山", 113.9836, 22.4689, 1.0, 0.4, kinds="wt"),
    _station("Ngong Ping", "", 113.9128, 22.2586, 2.0, 5.2, kinds="wt"),
    _station("North Point", "", 114.1997, 22.2944, 1.2, kinds="w"),
    _station("Pak Tam Chung", "", 114.3231, 22.4028, 0.6, 1.0),
    _station("Peng Chau", "", 114.0433, 22.2911, 1.2, 0.3, kinds="wt"),
    _station("Sai Kung", "西貢", 114.2744, 22.3756, 0.9, 0.3, kinds="wt"),
    _station("Sha Chau", "", 113.8911, 22.3458, 1.5, kinds="w"),
    _station("Sha Tin", "沙田", 114.2100, 22.4025, 0.6, 0.2, kinds="wt"),
    _station("Sham Shui Po", "深水埗", 114.1369, 22.3358, 0.5, -0.4),
    _station("Shau Kei Wan", "筲箕灣", 114.2361, 22.2817, 0.7, 0.2),
    _station("Shek Kong", "石崗", 114.0847, 22.4361, 0.7, 0.5, kinds="wt"),
    _station("Sheung Shui", "", 114.1111, 22.5019, 0.7, 0.4),
    _station("Stanley", "赤柱", 114.2186, 22.2142, 0.9, 0.3, kinds="wt"),
    _station("Star Ferry", "", 114.1686, 22.2931, 1.1, kinds="w"),
    _station("Ta Kwu Ling", "打鼓嶺", 114.1567, 22.5286, 0.6, 0.8, kinds="wt"),
    _station("Tai Mei Tuk", "大美督", 114.2375, 22.4753, 1.1, 0.4, kinds="wt"),
    _station("Tai Mo Shan", "", 114.1244, 22.4106, 1.8, 7.0),
    _station("Tai Po", "大埔", 114.1789, 22.4461, 0.6, 0.3),
    _station("Tai Po Kau", "", 114.1842, 22.4425, 0.9, kinds="w"),
    _station("Tap Mun", "", 114.3606, 22.4714, 1.2, 0.6, kinds="w"),
    _station("Tate's Cairn", "", 114.2178, 22.3578, 1.9, 4.4, kinds="wt"),
    _station("The Peak", "", 114.1550, 22.2642, 1.3, 3.2),
    _station("Tseung Kwan O", "將軍澳", 114.2556, 22.3158, 0.5, 0.4, kinds="wt"),
    _station("Tsing Yi", "青衣", 114.1100, 22.3442, 0.7, 0.0, kinds="wt"),
    _station("Tsuen Wan Ho Koon", "荃灣可觀", 114.1078, 22.3836, 0.6, 1.4),
    _station("Tsuen Wan Shing Mun Valley", "荃灣城門谷", 114.1267, 22.3756, 0.5, 0.3),
    _station("Tuen Mun", "屯門", 113.9642, 22.3858, 0.9, 0.1, kinds="wt"),
    _station("Waglan Island", "", 114.3033, 22.1822, 1.7, 0.9, kinds="wt"),
    _station("Wetland Park", "", 114.0089, 22.4667, 0.5, 0.5, kinds="wt"),
    _station("Wong Chuk Hang", "黃竹坑", 114.1736, 22.2478, 0.6, 0.3, kinds="wt"),
    _station("Wong Tai Sin", "黃大仙", 114.2053, 22.3394, 0.5, 0.2),
    _station("Yuen Long Park", "元朗公園", 114.0183, 22.4408, 0.6, -0.1),
)
