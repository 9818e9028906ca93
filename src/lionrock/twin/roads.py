"""The strategic roads and tunnels of Hong Kong, typed by us: names, lanes, limits and shapes.

A path runs from junction to junction (their names) with shape points (lon, lat) between them. Lanes
and speed limits are those usual for the kind of road, not surveyed ones.
"""

from __future__ import annotations

from dataclasses import dataclass

from lionrock.core.vocabulary import Text

Step = str | tuple[float, float]


@dataclass(frozen=True, slots=True)
class StrategicRoad:
    """A road in both directions along ``path``; ``backward`` and ``forward`` say where each is bound."""

    name: Text
    route: str
    lanes: int
    limit_kmh: int
    backward: Text
    forward: Text
    path: tuple[Step, ...]
    tunnel: bool = False


def _road(
    name: str, route: str, lanes: int, limit_kmh: int, backward: str, forward: str, *path: Step, tunnel: bool = False
) -> StrategicRoad:
    """One line of the table below; names are written "English / 繁體"."""
    return StrategicRoad(_text(name), route, lanes, limit_kmh, _text(backward), _text(forward), path, tunnel)


def _text(both: str) -> Text:
    en, tc = both.split(" / ")
    return Text(en=en, tc=tc)


HONG_KONG = "Hong Kong / 香港"
KOWLOON = "Kowloon / 九龍"
CENTRAL = "Central / 中環"
CHAI_WAN = "Chai Wan / 柴灣"
SHA_TIN = "Sha Tin / 沙田"
TSUEN_WAN = "Tsuen Wan / 荃灣"
KWUN_TONG = "Kwun Tong / 觀塘"
TUEN_MUN = "Tuen Mun / 屯門"
YUEN_LONG = "Yuen Long / 元朗"
SHEUNG_SHUI = "Sheung Shui / 上水"
AIRPORT = "Airport / 機場"
TSEUNG_KWAN_O = "Tseung Kwan O / 將軍澳"
MONG_KOK = "Mong Kok / 旺角"
TSIM_SHA_TSUI = "Tsim Sha Tsui / 尖沙咀"
WEST_KOWLOON = "West Kowloon / 西九龍"
CROSS_HARBOUR = "Cross Harbour Tunnel / 海底隧道"
TAI_PO = "Tai Po / 大埔"
MA_ON_SHAN = "Ma On Shan / 馬鞍山"
ABERDEEN = "Aberdeen / 香港仔"
TSING_YI = "Tsing Yi / 青衣"
WAN_CHAI = "Wan Chai / 灣仔"

ROADS: tuple[StrategicRoad, ...] = (
    # Across the harbour
    _road("Cross Harbour Tunnel / 海底隧道", "1", 2, 70, HONG_KONG, KOWLOON,
          "cross-harbour-south", (114.1818, 22.2930), "hung-hom", tunnel=True),
    _road("Eastern Harbour Crossing / 東區海底隧道", "2", 2, 80, HONG_KONG, KOWLOON,
          "quarry-bay", (114.2240, 22.2945), (114.2310, 22.2990), "lam-tin", tunnel=True),
    _road("Western Harbour Crossing / 西區海底隧道", "3", 3, 80, HONG_KONG, KOWLOON,
          "western", (114.1500, 22.2960), "west-kowloon", tunnel=True),
    # Hong Kong Island
    _road("Island Eastern Corridor / 東區走廊", "4", 3, 70, CENTRAL, CHAI_WAN,
          "causeway-bay", (114.1925, 22.2885), "north-point", (114.2055, 22.2938), "quarry-bay",
          (114.2190, 22.2884), "shau-kei-wan", (114.2386, 22.2770), (114.2393, 22.2710), "chai-wan"),
    _road("Victoria Park Road / 維園道", "4", 3, 70, CENTRAL, CHAI_WAN, "cross-harbour-south", "causeway-bay"),
    _road("Gloucester Road / 告士打道", "4", 4, 70, CENTRAL, CHAI_WAN,
          "admiralty", (114.1700, 22.2791), "wan-chai", (114.1790, 22.2807), "cross-harbour-south"),
    _road("Connaught Road Central / 干諾道中", "4", 4, 70, "Western District / 西區", WAN_CHAI,
          "central", (114.1600, 22.2836), "admiralty"),
    _road("Connaught Road West / 干諾道西", "4", 3, 70, "Kennedy Town / 堅尼地城", CENTRAL,
          "kennedy-town", (114.1360, 22.2885), "western", (114.1490, 22.2880), "central"),
    _road("Central-Wan Chai Bypass / 中環灣仔繞道", "4", 3, 80, CENTRAL, CHAI_WAN,
          "central", (114.1590, 22.2878), (114.1690, 22.2835), (114.1800, 22.2850), "north-point", tunnel=True),
    _road("Canal Road Flyover / 堅拿道天橋", "1", 2, 70, ABERDEEN, CROSS_HARBOUR,
          "canal-road", "cross-harbour-south"),
    _road("Wong Nai Chung Gap Flyover / 黃泥涌峽天橋", "1", 2, 70, ABERDEEN, CROSS_HARBOUR,
          "happy-valley", (114.1796, 22.2735), "canal-road"),
    _road("Aberdeen Tunnel / 香港仔隧道", "1", 2, 70, ABERDEEN, WAN_CHAI,
          "wong-chuk-hang", (114.1790, 22.2530), (114.1815, 22.2640), "happy-valley", tunnel=True),
    _road("Wong Chuk Hang Road / 黃竹坑道", "1", 2, 50, ABERDEEN, WAN_CHAI,
          "aberdeen", (114.1640, 22.2483), "wong-chuk-hang"),
    _road("Shek Pai Wan Road / 石排灣道", "7", 2, 50, "Pok Fu Lam / 薄扶林", ABERDEEN,
          "pok-fu-lam", (114.1365, 22.2560), (114.1430, 22.2500), "aberdeen"),
    _road("Pok Fu Lam Road / 薄扶林道", "7", 2, 50, "Western District / 西區", ABERDEEN,
          "western", (114.1368, 22.2830), (114.1300, 22.2720), "pok-fu-lam"),
    _road("Hennessy Road / 軒尼詩道", "", 3, 50, CENTRAL, "Causeway Bay / 銅鑼灣",
          "admiralty", (114.1740, 22.2775), "canal-road", (114.1850, 22.2805), "causeway-bay"),
    _road("King's Road / 英皇道", "", 2, 50, "Causeway Bay / 銅鑼灣", "Shau Kei Wan / 筲箕灣",
          "causeway-bay", (114.1930, 22.2865), "north-point", (114.2050, 22.2905), "quarry-bay",
          (114.2170, 22.2850), "shau-kei-wan"),
    # Kowloon, north and south
    _road("Hong Chong Road / 康莊道", "1", 3, 70, CROSS_HARBOUR, SHA_TIN, "hung-hom", (114.1805,
          22.3085), "ho-man-tin"),
    _road("Princess Margaret Road / 公主道", "1", 3, 70, TSIM_SHA_TSUI, SHA_TIN,
          "ho-man-tin", (114.1787, 22.3207), "kowloon-tong"),
    _road("Waterloo Road / 窩打老道", "1", 3, 50, MONG_KOK, SHA_TIN,
          "yau-ma-tei", (114.1740, 22.3145), "ho-man-tin"),
    _road("Waterloo Road Flyover / 窩打老道天橋", "1", 3, 70, KOWLOON, SHA_TIN, "kowloon-tong", "lion-rock-south"),
    _road("Lion Rock Tunnel / 獅子山隧道", "1", 2, 70, KOWLOON, SHA_TIN,
          "lion-rock-south", (114.1790, 22.3540), "lion-rock-north", tunnel=True),
    _road("Lion Rock Tunnel Road / 獅子山隧道公路", "1", 2, 70, KOWLOON, SHA_TIN,
          "lion-rock-north", (114.1840, 22.3690), (114.1895, 22.3712), "sha-tin-wai"),
    _road("Hung Mui Kuk Road / 紅梅谷路", "", 2, 50, KOWLOON, "Tai Wai / 大圍", "lion-rock-north", "tai-wai"),
    _road("Nathan Road / 彌敦道", "", 3, 50, TSIM_SHA_TSUI, MONG_KOK,
          "tsim-sha-tsui", (114.1722, 22.3010), "jordan", "yau-ma-tei", "mong-kok", "prince-edward"),
    _road("Salisbury Road / 梳士巴利道", "", 3, 50, TSIM_SHA_TSUI, "Hung Hom / 紅磡",
          "tsim-sha-tsui", (114.1780, 22.2965), "hung-hom"),
    _road("Chatham Road North / 漆咸道北", "5", 3, 50, "Hung Hom / 紅磡", "Kowloon City / 九龍城",
          "hung-hom", (114.1862, 22.3080), "to-kwa-wan"),
    _road("East Kowloon Way / 東九龍走廊", "5", 2, 70, "Hung Hom / 紅磡", KWUN_TONG,
          "to-kwa-wan", (114.1895, 22.3215), "kowloon-city"),
    _road("Gascoigne Road / 加士居道", "5", 2, 50, MONG_KOK, "Hung Hom / 紅磡",
          "jordan", (114.1745, 22.3072), "hung-hom"),
    _road("Argyle Street / 亞皆老街", "", 3, 50, MONG_KOK, "Kowloon City / 九龍城",
          "mong-kok", (114.1735, 22.3185), "ho-man-tin", (114.1840, 22.3225), "kowloon-city"),
    _road("Prince Edward Road West / 太子道西", "", 3, 50, MONG_KOK, "Kowloon City / 九龍城",
          "prince-edward", (114.1760, 22.3245), "kowloon-city"),
    _road("Prince Edward Road East / 太子道東", "5", 4, 70, MONG_KOK, KWUN_TONG,
          "kowloon-city", (114.1940, 22.3305), "kai-tak", (114.2050, 22.3320), "choi-hung"),
    _road("Lai Chi Kok Road / 荔枝角道", "", 3, 50, MONG_KOK, "Lai Chi Kok / 荔枝角",
          "prince-edward", "sham-shui-po", (114.1530, 22.3350), "lai-chi-kok"),
    _road("West Kowloon Corridor / 西九龍走廊", "5", 2, 70, "Yau Ma Tei / 油麻地", TSUEN_WAN,
          "yau-ma-tei", (114.1664, 22.3165), (114.1628, 22.3245), "sham-shui-po", (114.1500, 22.3354), "lai-chi-kok"),
    _road("Lung Cheung Road / 龍翔道", "7", 3, 70, TSUEN_WAN, KWUN_TONG,
          "tai-wo-ping", (114.1715, 22.3432), "lion-rock-south", (114.1870, 22.3430), "wong-tai-sin",
          "diamond-hill", "choi-hung"),
    _road("Ching Cheung Road / 呈祥道", "7", 3, 70, TSUEN_WAN, KWUN_TONG,
          "mei-foo", (114.1420, 22.3405), (114.1518, 22.3417), "tai-wo-ping"),
    _road("Tai Po Road / 大埔公路", "", 2, 50, KOWLOON, SHA_TIN,
          "sham-shui-po", (114.1630, 22.3370), "tai-wo-ping", (114.1560, 22.3490), (114.1600, 22.3620),
          (114.1700, 22.3690), "tai-wai"),
    # East Kowloon and Tseung Kwan O
    _road("Kwun Tong Bypass / 觀塘繞道", "2", 3, 70, SHA_TIN, "Eastern Harbour Crossing / 東區海底隧道",
          "diamond-hill", (114.2045, 22.3290), (114.2045, 22.3228), "hoi-bun", (114.2190, 22.3075),
          (114.2280, 22.3083), "lam-tin"),
    _road("Kai Fuk Road / 啟福道", "5", 3, 70, "To Kwa Wan / 土瓜灣", KWUN_TONG,
          "kai-tak", (114.2060, 22.3205), "hoi-bun", (114.2155, 22.3163), "ngau-tau-kok"),
    _road("Kwun Tong Road / 觀塘道", "7", 3, 70, MONG_KOK, "Lam Tin / 藍田",
          "choi-hung", (114.2120, 22.3290), "kowloon-bay", (114.2150, 22.3200), "ngau-tau-kok", "kwun-tong",
          (114.2280, 22.3111), "lam-tin"),
    _road("Kai Tak Tunnel / 啟德隧道", "5", 2, 70, "Hung Hom / 紅磡", KWUN_TONG,
          "to-kwa-wan", (114.1930, 22.3200), "kai-tak", tunnel=True),
    _road("Central Kowloon Bypass / 中九龍繞道", "6", 3, 80, WEST_KOWLOON, KWUN_TONG,
          "west-kowloon", (114.1660, 22.3110), (114.1850, 22.3165), (114.1980, 22.3195), "hoi-bun", tunnel=True),
    _road("Cha Kwo Ling Road / 茶果嶺道", "", 2, 50, KWUN_TONG, "Yau Tong / 油塘",
          "kwun-tong", (114.2300, 22.3050), "yau-tong"),
    _road("Lei Yue Mun Road / 鯉魚門道", "", 2, 50, KWUN_TONG, "Yau Tong / 油塘", "lam-tin", (114.2360, 22.3030),
          "yau-tong"),
    _road("Tseung Kwan O Tunnel / 將軍澳隧道", "7", 2, 70, KOWLOON, TSEUNG_KWAN_O,
          "lam-tin", (114.2371, 22.3130), (114.2514, 22.3205), "po-lam", tunnel=True),
    _road("Tseung Kwan O - Lam Tin Tunnel / 將軍澳藍田隧道", "6", 2, 80, KOWLOON, TSEUNG_KWAN_O,
          "yau-tong", (114.2450, 22.3020), "tseung-kwan-o", tunnel=True),
    _road("Po Lam Road North / 寶琳北路", "", 2, 50, "Po Lam / 寶琳", TSEUNG_KWAN_O,
          "po-lam", (114.2605, 22.3180), "tseung-kwan-o"),
    _road("Po Lam Road / 寶琳路", "", 1, 50, KOWLOON, "Po Lam / 寶琳",
          "sau-mau-ping", (114.2350, 22.3240), (114.2480, 22.3280), "po-lam"),
    _road("Wan Po Road / 環保大道", "", 2, 70, "Tseung Kwan O / 將軍澳", "LOHAS Park / 日出康城",
          "tseung-kwan-o", (114.2665, 22.3040), "lohas-park"),
    _road("New Clear Water Bay Road / 新清水灣道", "", 2, 50, KOWLOON, "Sai Kung / 西貢",
          "choi-hung", (114.2150, 22.3320), "sau-mau-ping"),
    _road("Clear Water Bay Road / 清水灣道", "", 2, 70, KOWLOON, "Sai Kung / 西貢",
          "sau-mau-ping", (114.2330, 22.3390), (114.2430, 22.3400), "pik-uk"),
    _road("Hiram's Highway / 西貢公路", "", 1, 50, KOWLOON, "Sai Kung / 西貢",
          "pik-uk", (114.2640, 22.3500), (114.2690, 22.3650), "sai-kung"),
    _road("Hang Hau Road / 坑口道", "", 1, 50, "Clear Water Bay / 清水灣", TSEUNG_KWAN_O,
          "pik-uk", (114.2640, 22.3240), "tseung-kwan-o"),
    # West Kowloon, Kwai Tsing, Tsuen Wan
    _road("West Kowloon Highway / 西九龍公路", "3", 3, 100, "Western Harbour Crossing / 西區海底隧道", TSUEN_WAN,
          "west-kowloon", (114.1595, 22.3130), "olympic", (114.1560, 22.3245), "nam-cheong", (114.1470,
          22.3300), "mei-foo"),
    _road("Lin Cheung Road / 連翔道", "", 2, 70, TSIM_SHA_TSUI, "Nam Cheong / 南昌",
          "west-kowloon", (114.1610, 22.3140), "olympic", (114.1545, 22.3250), "nam-cheong"),
    _road("Jordan Road / 佐敦道", "", 3, 50, WEST_KOWLOON, "Jordan / 佐敦", "west-kowloon", "jordan"),
    _road("Cherry Street / 櫻桃街", "", 3, 50, "Olympic / 奧運", MONG_KOK, "olympic", "mong-kok"),
    _road("Kwai Chung Road / 葵涌道", "5", 3, 70, KOWLOON, TSUEN_WAN,
          "lai-chi-kok", (114.1395, 22.3374), "mei-foo", (114.1250, 22.3455), (114.1258, 22.3512), "kwai-fong",
          (114.1315, 22.3600), "kwai-chung"),
    _road("Tsuen Wan Road / 荃灣路", "5", 3, 70, KOWLOON, TUEN_MUN,
          "kwai-fong", (114.1186, 22.3625), "tsuen-wan", (114.1090, 22.3700), "chai-wan-kok"),
    _road("Texaco Road / 德士古道", "", 2, 50, "Kwai Chung / 葵涌", TSUEN_WAN, "tsuen-wan", (114.1190, 22.3730),
          "shek-wai-kok"),
    _road("Castle Peak Road - Kwai Chung / 青山公路 - 葵涌段", "", 2, 50, KOWLOON, TSUEN_WAN,
          "lai-chi-kok", (114.1360, 22.3480), "kwai-chung", (114.1250, 22.3715), "tsuen-wan"),
    _road("Castle Peak Road - Tsuen Wan / 青山公路 - 荃灣段", "", 2, 50, "Tsuen Wan / 荃灣", "Sham Tseng / 深井",
          "tsuen-wan", (114.1080, 22.3727), "chai-wan-kok", (114.0940, 22.3665), "ting-kau", (114.0690,
          22.3640), "sham-tseng"),
    _road("Cheung Pei Shan Road / 象鼻山路", "9", 3, 70, TUEN_MUN, SHA_TIN,
          "chai-wan-kok", (114.1100, 22.3758), "shek-wai-kok", "shing-mun-west"),
    _road("Shing Mun Tunnels / 城門隧道", "9", 2, 70, TSUEN_WAN, SHA_TIN,
          "shing-mun-west", (114.1530, 22.3830), (114.1690, 22.3812), (114.1790, 22.3785), "sha-tin", tunnel=True),
    _road("Wo Yi Hop Road / 和宜合道", "", 2, 50, "Kwai Chung / 葵涌", "Shing Mun / 城門",
          "kwai-chung", "shing-mun-west"),
    _road("Tsing Kwai Highway / 青葵公路", "3", 3, 80, KOWLOON, TSING_YI,
          "mei-foo", (114.1310, 22.3370), "container-port", (114.1150, 22.3495), "tsing-yi"),
    _road("Cheung Tsing Tunnel / 長青隧道", "3", 3, 80, KOWLOON, AIRPORT,
          "tsing-yi", (114.0980, 22.3555), "north-west-tsing-yi", tunnel=True),
    _road("Tsing Yi North Bridge / 青衣北橋", "", 2, 50, TSING_YI, TSUEN_WAN, "tsing-yi", (114.1105, 22.3610),
          "tsuen-wan"),
    _road("Kwai Tsing Bridge / 葵青橋", "", 2, 50, TSING_YI, "Kwai Chung / 葵涌", "tsing-yi", (114.1200, 22.3560),
          "kwai-fong"),
    _road("Eagle's Nest Tunnel / 尖山隧道", "8", 3, 80, KOWLOON, SHA_TIN,
          "lai-chi-kok", (114.1500, 22.3440), (114.1630, 22.3600), (114.1720, 22.3660), "tai-wai", tunnel=True),
    _road("Stonecutters Bridge / 昂船洲大橋", "8", 3, 80, KOWLOON, TSING_YI,
          "stonecutters", (114.1200, 22.3255), "tsing-yi-south"),
    _road("Ngong Shuen Chau Viaduct / 昂船洲高架道路", "8", 3, 80, KOWLOON, TSING_YI,
          "lai-chi-kok", (114.1395, 22.3320), "stonecutters"),
    _road("Nam Wan Tunnel / 南灣隧道", "8", 3, 80, KOWLOON, AIRPORT,
          "tsing-yi-south", (114.0930, 22.3400), (114.0850, 22.3480), "north-west-tsing-yi", tunnel=True),
    # Lantau
    _road("Tsing Ma Bridge / 青馬大橋", "8", 3, 80, KOWLOON, AIRPORT,
          "north-west-tsing-yi", (114.0740, 22.3515), "ma-wan"),
    _road("Kap Shui Mun Bridge / 汲水門大橋", "8", 3, 80, KOWLOON, AIRPORT,
          "ma-wan", (114.0470, 22.3435), "lantau-toll-plaza"),
    _road("North Lantau Highway / 北大嶼山公路", "8", 3, 110, KOWLOON, AIRPORT,
          "lantau-toll-plaza", (114.0226, 22.3260), (114.0060, 22.3230), "siu-ho-wan", (113.9748, 22.3013),
          (113.9590, 22.2962), "tung-chung"),
    _road("Airport Road / 機場路", "8", 2, 80, KOWLOON, AIRPORT, "tung-chung", (113.9385, 22.2985), "airport"),
    _road("Shun Long Road / 順朗路", "", 2, 70, "Tung Chung / 東涌", "Boundary crossing / 口岸",
          "tung-chung", (113.9500, 22.3050), "boundary-island"),
    _road("Airport Island Road / 機場島道路", "", 2, 50, AIRPORT, "Boundary crossing / 口岸",
          "airport", "boundary-island"),
    _road("Tuen Mun - Chek Lap Kok Tunnel / 屯門至赤鱲角隧道", "5", 2, 80, TUEN_MUN, AIRPORT,
          "tuen-mun-south", (113.9440, 22.3600), (113.9480, 22.3350), "boundary-island", tunnel=True),
    # North-west
    _road("Ting Kau Bridge / 汀九橋", "3", 3, 80, KOWLOON, YUEN_LONG,
          "north-west-tsing-yi", (114.0805, 22.3650), "ting-kau"),
    _road("Tai Lam Tunnel / 大欖隧道", "3", 3, 80, KOWLOON, YUEN_LONG,
          "ting-kau", (114.0745, 22.3800), (114.0650, 22.4130), "kam-tin", tunnel=True),
    _road("Tsing Long Highway / 青朗公路", "3", 3, 100, KOWLOON, YUEN_LONG,
          "kam-tin", (114.0583, 22.4373), "au-tau"),
    _road("Tuen Mun Road / 屯門公路", "9", 3, 80, TSUEN_WAN, TUEN_MUN,
          "chai-wan-kok", (114.0985, 22.3727), (114.0945, 22.3694), "ting-kau", (114.0700, 22.3668), "sham-tseng",
          (114.0455, 22.3654), (114.0334, 22.3590), (114.0205, 22.3572), "siu-lam", (113.9998, 22.3707),
          "so-kwun-wat", (113.9800, 22.3838), "tuen-mun", (113.9772, 22.4030), "siu-hong", (113.9830, 22.4165),
          "lam-tei"),
    _road("Lung Fu Road / 龍富路", "", 2, 70, "Tuen Mun Area 40 / 屯門第40區", TUEN_MUN,
          "tuen-mun-south", (113.9610, 22.3820), (113.9712, 22.3865), "tuen-mun"),
    _road("Castle Peak Road - So Kwun Wat / 青山公路 - 掃管笏段", "", 1, 50, "Sham Tseng / 深井", TUEN_MUN,
          "sham-tseng", (114.0400, 22.3570), (114.0150, 22.3570), "siu-lam", (113.9960, 22.3690), "so-kwun-wat",
          (113.9770, 22.3800), "tuen-mun"),
    _road("Yuen Long Highway / 元朗公路", "9", 3, 100, TUEN_MUN, SHEUNG_SHUI,
          "lam-tei", (113.9965, 22.4260), "hung-shui-kiu", "tong-yan-san-tsuen", (114.0200, 22.4355), "yuen-long",
          (114.0394, 22.4417), "au-tau"),
    _road("Castle Peak Road - Hung Shui Kiu / 青山公路 - 洪水橋段", "", 2, 50, TUEN_MUN, YUEN_LONG,
          "siu-hong", (113.9855, 22.4224), (113.9960, 22.4325), "hung-shui-kiu"),
    _road("Long Tin Road / 朗天路", "", 2, 70, YUEN_LONG, "Tin Shui Wai / 天水圍",
          "tong-yan-san-tsuen", (114.0150, 22.4445), "tin-shui-wai"),
    _road("Kong Sham Western Highway / 港深西部公路", "10", 3, 80, TUEN_MUN, "Shenzhen Bay / 深圳灣",
          "lam-tei", (113.9848, 22.4270), "ha-tsuen", (113.9770, 22.4500), (113.9620, 22.4700), "shenzhen-bay"),
    _road("Tin Ying Road / 天影路", "", 2, 50, "Ha Tsuen / 廈村", "Tin Shui Wai / 天水圍", "ha-tsuen", (113.9920,
          22.4500), "tin-shui-wai"),
    _road("San Tin Highway / 新田公路", "9", 3, 100, YUEN_LONG, SHEUNG_SHUI,
          "au-tau", (114.0530, 22.4600), "fairview", (114.0600, 22.4890), "san-tin"),
    _road("San Sham Road / 新深路", "", 2, 70, "San Tin / 新田", "Lok Ma Chau / 落馬洲", "san-tin", "lok-ma-chau"),
    _road("Fanling Highway / 粉嶺公路", "9", 3, 100, YUEN_LONG, KOWLOON,
          "san-tin", (114.0830, 22.5020), "kwu-tung", (114.1140, 22.5022), "sheung-shui", (114.1335, 22.4960),
          "fanling", (114.1470, 22.4780), "hong-lok-yuen", (114.1600, 22.4560), "tai-po"),
    # North-east
    _road("Tolo Highway / 吐露港公路", "9", 4, 100, SHEUNG_SHUI, KOWLOON,
          "tai-po", (114.1730, 22.4500), "yuen-chau-tsai", (114.1850, 22.4380), (114.1960, 22.4310), (114.2040,
          22.4200),
          "ma-liu-shui"),
    _road("Ting Kok Road / 汀角路", "", 2, 50, "Tai Po / 大埔", "Tai Po Industrial Estate / 大埔工業邨",
          "yuen-chau-tsai", (114.1800, 22.4560), "tai-po-industrial"),
    _road("Tai Po Road - Sha Tin / 大埔公路 - 沙田段", "9", 3, 80, TAI_PO, SHA_TIN,
          "ma-liu-shui", (114.2085, 22.4060), (114.2040, 22.4010), "fo-tan", (114.1965, 22.3890), "sha-tin",
          "tai-wai"),
    _road("Sha Tin Road / 沙田路", "1", 3, 80, KOWLOON, "Fo Tan / 火炭",
          "sha-tin-wai", (114.2005, 22.3850), "fo-tan"),
    _road("Sha Lek Highway / 沙瀝公路", "", 2, 70, SHA_TIN, "Siu Lek Yuen / 小瀝源", "sha-tin-wai", (114.2040,
          22.3800), "siu-lek-yuen"),
    _road("Tai Chung Kiu Road / 大涌橋路", "", 2, 50, SHA_TIN, MA_ON_SHAN, "sha-tin", (114.1965, 22.3830),
          (114.2015, 22.3885), "shek-mun"),
    _road("Tate's Cairn Tunnel / 大老山隧道", "2", 2, 70, KOWLOON, SHA_TIN,
          "diamond-hill", (114.2060, 22.3500), (114.2085, 22.3720), "siu-lek-yuen", tunnel=True),
    _road("Tate's Cairn Highway / 大老山公路", "2", 3, 80, KOWLOON, TAI_PO,
          "siu-lek-yuen", (114.2110, 22.3880), "shek-mun", (114.2145, 22.4080), "ma-liu-shui"),
    _road("Ma On Shan Road / 馬鞍山路", "", 3, 80, KOWLOON, MA_ON_SHAN, "shek-mun", (114.2220, 22.4080), "ma-on-shan"),
    _road("Ma On Shan Bypass / 馬鞍山繞道", "", 2, 80, KOWLOON, "Wu Kai Sha / 烏溪沙",
          "ma-on-shan", (114.2380, 22.4210), "wu-kai-sha"),
)  # fmt: skip
