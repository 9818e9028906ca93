"""The junctions of the strategic roads: where they lie, what they are called, who lives and works around.

Coordinates are WGS 84, typed from general knowledge of the city to within a few hundred metres.
Residents and jobs are thousands of people whose trips enter the strategic network there: round
numbers of our own that add up to a plausible city, no census.
"""

from __future__ import annotations

from dataclasses import dataclass

from lionrock.core.vocabulary import Text


@dataclass(frozen=True, slots=True)
class Junction:
    """A place where strategic roads meet; ``district`` is the English name of its district."""

    lon: float
    lat: float
    district: str
    place: Text
    residents: float = 0.0
    jobs: float = 0.0


def _at(
    lon: float, lat: float, district: str, place_en: str, place_tc: str, residents: float = 0.0, jobs: float = 0.0
) -> Junction:
    return Junction(lon, lat, district, Text(en=place_en, tc=place_tc), residents, jobs)


DISTRICTS: dict[str, Text] = {
    name.en: name
    for name in (
        Text(en="Central & Western", tc="中西區"),
        Text(en="Eastern", tc="東區"),
        Text(en="Southern", tc="南區"),
        Text(en="Wan Chai", tc="灣仔"),
        Text(en="Kowloon City", tc="九龍城"),
        Text(en="Kwun Tong", tc="觀塘"),
        Text(en="Sham Shui Po", tc="深水埗"),
        Text(en="Wong Tai Sin", tc="黃大仙"),
        Text(en="Yau Tsim Mong", tc="油尖旺"),
        Text(en="Islands", tc="離島區"),
        Text(en="Kwai Tsing", tc="葵青"),
        Text(en="North", tc="北區"),
        Text(en="Sai Kung", tc="西貢"),
        Text(en="Sha Tin", tc="沙田"),
        Text(en="Tai Po", tc="大埔"),
        Text(en="Tsuen Wan", tc="荃灣"),
        Text(en="Tuen Mun", tc="屯門"),
        Text(en="Yuen Long", tc="元朗"),
    )
}

JUNCTIONS: dict[str, Junction] = {
    # Hong Kong Island
    "kennedy-town": _at(114.1290, 22.2855, "Central & Western", "Kennedy Town", "堅尼地城", 60, 15),
    "western": _at(114.1425, 22.2890, "Central & Western", "Sai Ying Pun", "西營盤", 70, 45),
    "central": _at(114.1545, 22.2868, "Central & Western", "Central", "中環", 30, 230),
    "admiralty": _at(114.1655, 22.2797, "Central & Western", "Admiralty", "金鐘", 20, 150),
    "wan-chai": _at(114.1745, 22.2798, "Wan Chai", "Wan Chai", "灣仔", 60, 130),
    "cross-harbour-south": _at(114.1815, 22.2836, "Wan Chai", "Kellett Island", "奇力島"),
    "causeway-bay": _at(114.1885, 22.2837, "Wan Chai", "Causeway Bay", "銅鑼灣", 40, 120),
    "canal-road": _at(114.1812, 22.2783, "Wan Chai", "Canal Road", "堅拿道", 20, 50),
    "happy-valley": _at(114.1800, 22.2700, "Wan Chai", "Happy Valley", "跑馬地", 40, 10),
    "north-point": _at(114.1975, 22.2927, "Eastern", "North Point", "北角", 120, 80),
    "quarry-bay": _at(114.2125, 22.2908, "Eastern", "Quarry Bay", "鰂魚涌", 120, 110),
    "shau-kei-wan": _at(114.2285, 22.2802, "Eastern", "Shau Kei Wan", "筲箕灣", 140, 25),
    "chai-wan": _at(114.2385, 22.2665, "Eastern", "Chai Wan", "柴灣", 150, 55),
    "wong-chuk-hang": _at(114.1740, 22.2492, "Southern", "Wong Chuk Hang", "黃竹坑", 50, 45),
    "aberdeen": _at(114.1550, 22.2478, "Southern", "Aberdeen", "香港仔", 120, 25),
    "pok-fu-lam": _at(114.1345, 22.2620, "Southern", "Pok Fu Lam", "薄扶林", 60, 20),
    # Kowloon
    "tsim-sha-tsui": _at(114.1735, 22.2962, "Yau Tsim Mong", "Tsim Sha Tsui", "尖沙咀", 40, 180),
    "hung-hom": _at(114.1815, 22.3030, "Yau Tsim Mong", "Hung Hom", "紅磡", 80, 70),
    "jordan": _at(114.1715, 22.3055, "Yau Tsim Mong", "Jordan", "佐敦", 60, 60),
    "west-kowloon": _at(114.1605, 22.3060, "Yau Tsim Mong", "West Kowloon", "西九龍", 40, 90),
    "yau-ma-tei": _at(114.1695, 22.3130, "Yau Tsim Mong", "Yau Ma Tei", "油麻地", 70, 60),
    "mong-kok": _at(114.1695, 22.3190, "Yau Tsim Mong", "Mong Kok", "旺角", 100, 110),
    "olympic": _at(114.1592, 22.3192, "Yau Tsim Mong", "Tai Kok Tsui", "大角咀", 80, 35),
    "prince-edward": _at(114.1683, 22.3245, "Yau Tsim Mong", "Prince Edward", "太子", 60, 40),
    "sham-shui-po": _at(114.1600, 22.3305, "Sham Shui Po", "Sham Shui Po", "深水埗", 140, 60),
    "nam-cheong": _at(114.1515, 22.3275, "Sham Shui Po", "Nam Cheong", "南昌", 90, 20),
    "lai-chi-kok": _at(114.1450, 22.3360, "Sham Shui Po", "Lai Chi Kok", "荔枝角", 80, 110),
    "mei-foo": _at(114.1370, 22.3385, "Sham Shui Po", "Mei Foo", "美孚", 70, 15),
    "tai-wo-ping": _at(114.1635, 22.3412, "Sham Shui Po", "Tai Wo Ping", "大窩坪", 40, 10),
    "ho-man-tin": _at(114.1783, 22.3150, "Kowloon City", "Ho Man Tin", "何文田", 90, 30),
    "kowloon-tong": _at(114.1789, 22.3380, "Kowloon City", "Kowloon Tong", "九龍塘", 40, 50),
    "lion-rock-south": _at(114.1800, 22.3437, "Wong Tai Sin", "Lion Rock", "獅子山"),
    "to-kwa-wan": _at(114.1880, 22.3150, "Kowloon City", "To Kwa Wan", "土瓜灣", 120, 40),
    "kowloon-city": _at(114.1890, 22.3285, "Kowloon City", "Kowloon City", "九龍城", 70, 30),
    "kai-tak": _at(114.2010, 22.3270, "Kowloon City", "Kai Tak", "啟德", 80, 50),
    "wong-tai-sin": _at(114.1935, 22.3417, "Wong Tai Sin", "Wong Tai Sin", "黃大仙", 170, 30),
    "diamond-hill": _at(114.2035, 22.3378, "Wong Tai Sin", "Diamond Hill", "鑽石山", 90, 30),
    "choi-hung": _at(114.2095, 22.3335, "Wong Tai Sin", "Choi Hung", "彩虹", 90, 15),
    "kowloon-bay": _at(114.2135, 22.3240, "Kwun Tong", "Kowloon Bay", "九龍灣", 90, 130),
    "ngau-tau-kok": _at(114.2175, 22.3165, "Kwun Tong", "Ngau Tau Kok", "牛頭角", 120, 50),
    "hoi-bun": _at(114.2120, 22.3165, "Kwun Tong", "Kai Tak East", "啟德東"),
    "kwun-tong": _at(114.2240, 22.3125, "Kwun Tong", "Kwun Tong", "觀塘", 150, 140),
    "lam-tin": _at(114.2320, 22.3085, "Kwun Tong", "Lam Tin", "藍田", 130, 20),
    "yau-tong": _at(114.2370, 22.2985, "Kwun Tong", "Yau Tong", "油塘", 90, 20),
    "sau-mau-ping": _at(114.2240, 22.3325, "Kwun Tong", "Shun Lee", "順利", 110, 10),
    # Sai Kung and Tseung Kwan O
    "tseung-kwan-o": _at(114.2600, 22.3120, "Sai Kung", "Tseung Kwan O", "將軍澳", 190, 45),
    "po-lam": _at(114.2570, 22.3225, "Sai Kung", "Po Lam", "寶琳", 130, 15),
    "lohas-park": _at(114.2690, 22.2960, "Sai Kung", "LOHAS Park", "日出康城", 110, 20),
    "pik-uk": _at(114.2520, 22.3370, "Sai Kung", "Pik Uk", "壁屋", 15, 12),
    "sai-kung": _at(114.2700, 22.3800, "Sai Kung", "Sai Kung", "西貢", 40, 12),
    # Kwai Tsing, Tsuen Wan
    "kwai-fong": _at(114.1275, 22.3560, "Kwai Tsing", "Kwai Fong", "葵芳", 120, 90),
    "kwai-chung": _at(114.1320, 22.3660, "Kwai Tsing", "Kwai Chung", "葵涌", 160, 70),
    "container-port": _at(114.1220, 22.3420, "Kwai Tsing", "Kwai Chung Container Port", "葵涌貨櫃碼頭", 5, 45),
    "stonecutters": _at(114.1320, 22.3270, "Kwai Tsing", "Stonecutters Island", "昂船洲", 2, 15),
    "tsing-yi-south": _at(114.1050, 22.3350, "Kwai Tsing", "Tsing Yi South", "青衣南", 5, 20),
    "tsing-yi": _at(114.1080, 22.3520, "Kwai Tsing", "Tsing Yi", "青衣", 150, 30),
    "north-west-tsing-yi": _at(114.0850, 22.3590, "Kwai Tsing", "North West Tsing Yi", "青衣西北"),
    "tsuen-wan": _at(114.1150, 22.3685, "Tsuen Wan", "Tsuen Wan", "荃灣", 160, 90),
    "chai-wan-kok": _at(114.1040, 22.3735, "Tsuen Wan", "Chai Wan Kok", "柴灣角", 60, 45),
    "shek-wai-kok": _at(114.1250, 22.3770, "Tsuen Wan", "Shek Wai Kok", "石圍角", 50, 10),
    "shing-mun-west": _at(114.1390, 22.3815, "Tsuen Wan", "Shing Mun", "城門"),
    "ting-kau": _at(114.0790, 22.3705, "Tsuen Wan", "Ting Kau", "汀九", 5, 2),
    "sham-tseng": _at(114.0590, 22.3675, "Tsuen Wan", "Sham Tseng", "深井", 30, 5),
    # Lantau
    "ma-wan": _at(114.0600, 22.3490, "Tsuen Wan", "Ma Wan", "馬灣", 12, 2),
    "lantau-toll-plaza": _at(114.0340, 22.3325, "Islands", "Sunny Bay", "欣澳", 2, 20),
    "siu-ho-wan": _at(113.9890, 22.3085, "Islands", "Siu Ho Wan", "小蠔灣", 2, 8),
    "tung-chung": _at(113.9455, 22.2905, "Islands", "Tung Chung", "東涌", 130, 30),
    "airport": _at(113.9300, 22.3080, "Islands", "Airport", "機場", 2, 110),
    "boundary-island": _at(113.9480, 22.3160, "Islands", "HZMB Hong Kong Port", "港珠澳大橋香港口岸", 1, 15),
    # Tuen Mun and Yuen Long
    "tuen-mun-south": _at(113.9470, 22.3780, "Tuen Mun", "Tuen Mun Area 40", "屯門第40區", 30, 15),
    "siu-lam": _at(114.0080, 22.3675, "Tuen Mun", "Siu Lam", "小欖", 15, 4),
    "so-kwun-wat": _at(113.9900, 22.3752, "Tuen Mun", "So Kwun Wat", "掃管笏", 50, 8),
    "tuen-mun": _at(113.9765, 22.3920, "Tuen Mun", "Tuen Mun", "屯門", 260, 90),
    "siu-hong": _at(113.9785, 22.4110, "Tuen Mun", "Siu Hong", "兆康", 120, 20),
    "lam-tei": _at(113.9900, 22.4195, "Tuen Mun", "Lam Tei", "藍地", 30, 12),
    "hung-shui-kiu": _at(114.0025, 22.4318, "Yuen Long", "Hung Shui Kiu", "洪水橋", 70, 15),
    "tong-yan-san-tsuen": _at(114.0136, 22.4378, "Yuen Long", "Tong Yan San Tsuen", "唐人新村", 50, 10),
    "tin-shui-wai": _at(114.0020, 22.4540, "Yuen Long", "Tin Shui Wai", "天水圍", 250, 25),
    "yuen-long": _at(114.0290, 22.4350, "Yuen Long", "Yuen Long", "元朗", 160, 60),
    "au-tau": _at(114.0470, 22.4485, "Yuen Long", "Au Tau", "凹頭", 30, 10),
    "kam-tin": _at(114.0620, 22.4300, "Yuen Long", "Kam Tin", "錦田", 40, 8),
    "ha-tsuen": _at(113.9835, 22.4390, "Yuen Long", "Ha Tsuen", "廈村", 10, 15),
    "shenzhen-bay": _at(113.9480, 22.4900, "Yuen Long", "Shenzhen Bay Port", "深圳灣口岸", 1, 25),
    "fairview": _at(114.0575, 22.4780, "Yuen Long", "Fairview Park", "錦綉花園", 35, 6),
    "san-tin": _at(114.0740, 22.4950, "Yuen Long", "San Tin", "新田", 10, 15),
    "lok-ma-chau": _at(114.0725, 22.5095, "Yuen Long", "Lok Ma Chau", "落馬洲", 1, 22),
    # North, Tai Po, Sha Tin
    "kwu-tung": _at(114.1000, 22.5035, "North", "Kwu Tung", "古洞", 35, 8),
    "sheung-shui": _at(114.1250, 22.5000, "North", "Sheung Shui", "上水", 130, 35),
    "fanling": _at(114.1430, 22.4890, "North", "Fanling", "粉嶺", 150, 30),
    "hong-lok-yuen": _at(114.1510, 22.4640, "Tai Po", "Hong Lok Yuen", "康樂園", 20, 4),
    "tai-po": _at(114.1680, 22.4510, "Tai Po", "Tai Po", "大埔", 170, 50),
    "tai-po-industrial": _at(114.1870, 22.4600, "Tai Po", "Tai Po Industrial Estate", "大埔工業邨", 40, 35),
    "yuen-chau-tsai": _at(114.1770, 22.4465, "Tai Po", "Yuen Chau Tsai", "元洲仔", 40, 10),
    "ma-liu-shui": _at(114.2090, 22.4140, "Sha Tin", "Ma Liu Shui", "馬料水", 20, 40),
    "fo-tan": _at(114.1995, 22.3950, "Sha Tin", "Fo Tan", "火炭", 60, 45),
    "sha-tin": _at(114.1905, 22.3830, "Sha Tin", "Sha Tin", "沙田", 140, 70),
    "tai-wai": _at(114.1790, 22.3735, "Sha Tin", "Tai Wai", "大圍", 130, 20),
    "lion-rock-north": _at(114.1795, 22.3625, "Sha Tin", "Hung Mui Kuk", "紅梅谷"),
    "sha-tin-wai": _at(114.1985, 22.3765, "Sha Tin", "Sha Tin Wai", "沙田圍", 110, 30),
    "siu-lek-yuen": _at(114.2100, 22.3830, "Sha Tin", "Siu Lek Yuen", "小瀝源", 100, 35),
    "shek-mun": _at(114.2125, 22.3990, "Sha Tin", "Shek Mun", "石門", 40, 50),
    "ma-on-shan": _at(114.2310, 22.4160, "Sha Tin", "Ma On Shan", "馬鞍山", 180, 25),
    "wu-kai-sha": _at(114.2450, 22.4275, "Sha Tin", "Wu Kai Sha", "烏溪沙", 50, 6),
}
