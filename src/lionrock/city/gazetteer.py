"""Places of the city by name: what announcements name, and where people travel to.

Typed from general knowledge of the city to within a few hundred metres (WGS 84): good enough to say where
``Kwun Tong bound`` leads, where ``near Sham Tseng`` is and which road is nearest, not to ring at a door. Names of
roads, detectors and car parks come from their own data sets.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from lionrock.core.vocabulary import Text


@dataclass(frozen=True, slots=True)
class Place:
    """A place and a point of it. Nobody travels to what is only ``announced``: a tunnel, a bridge, a whole island."""

    name: Text
    lon: float
    lat: float
    announced: bool
    travelled: bool


@cache
def list_places() -> tuple[Place, ...]:
    """Every place of the table."""
    return tuple(map(_read, TABLE.strip().splitlines()))


def _read(line: str) -> Place:
    english, chinese, point, *only = line.split(" / ")
    lon, lat = map(float, point.split())
    return Place(Text(en=english, tc=chinese), lon, lat, announced=only != ["goal"], travelled=only != ["way"])


# After the point: "way" of what is only announced, "goal" of what people only travel to.
TABLE = """
Aberdeen / 香港仔 / 114.1550 22.2478
Aberdeen Tunnel / 香港仔隧道 / 114.1790 22.2590 / way
Admiralty / 金鐘 / 114.1655 22.2797
Airport / 機場 / 113.9300 22.3080
Ap Lei Chau / 鴨脷洲 / 114.1560 22.2420
AsiaWorld-Expo / 亞洲國際博覽館 / 113.9420 22.3215
Au Tau / 凹頭 / 114.0470 22.4485
Boundary crossing / 口岸 / 114.0900 22.5200 / way
Butterfly Estate / 蝴蝶邨 / 113.9620 22.3760
Butterfly Valley / 蝴蝶谷 / 114.1460 22.3410 / way
Canal Road / 堅拿道 / 114.1812 22.2783 / goal
Caritas Medical Centre / 明愛醫院 / 114.1520 22.3410
Causeway Bay / 銅鑼灣 / 114.1885 22.2837
Central / 中環 / 114.1545 22.2868
Cha Kwo Ling / 茶果嶺 / 114.2310 22.3030
Chai Wan / 柴灣 / 114.2385 22.2665
Chai Wan Kok / 柴灣角 / 114.1040 22.3735
Che Kung Temple Station / 車公廟站 / 114.1860 22.3748
Cheung Sha Wan / 長沙灣 / 114.1560 22.3350
Chinese University / 中文大學 / 114.2070 22.4170 / goal
Choi Hung / 彩虹 / 114.2095 22.3335
Choi Hung Estate / 彩虹邨 / 114.2060 22.3355
Choi Wan Estate / 彩雲邨 / 114.2140 22.3350
City One / 第一城 / 114.2040 22.3830
Clear Water Bay / 清水灣 / 114.2930 22.2900
Container Terminal / 貨櫃碼頭 / 114.1220 22.3420 / way
Convention and Exhibition Centre / 會議展覽中心 / 114.1730 22.2830
Cross Harbour Tunnel / 海底隧道 / 114.1815 22.2935 / way
Cyberport / 數碼港 / 114.1300 22.2610
Diamond Hill / 鑽石山 / 114.2035 22.3378
Discovery Bay / 愉景灣 / 114.0120 22.2960
Eagle's Nest Tunnel / 尖山隧道 / 114.1570 22.3560 / way
Eastern Harbour Crossing / 東區海底隧道 / 114.2280 22.2960 / way
Fairview Park / 錦綉花園 / 114.0575 22.4780
Fanling / 粉嶺 / 114.1430 22.4890
Fo Tan / 火炭 / 114.1995 22.3950
Fortress Hill / 炮台山 / 114.1935 22.2880
Gold Coast / 黃金海岸 / 113.9890 22.3710
HZMB Hong Kong Port / 港珠澳大橋香港口岸 / 113.9480 22.3160
Ha Tsuen / 廈村 / 113.9835 22.4390
Hang Hau / 坑口 / 114.2640 22.3160
Happy Valley / 跑馬地 / 114.1800 22.2700
Happy Valley Racecourse / 跑馬地馬場 / 114.1810 22.2720
Heung Yuen Wai / 香園圍 / 114.1540 22.5550
Hin Keng / 顯徑 / 114.1710 22.3640
Ho Man Tin / 何文田 / 114.1783 22.3150
Hong Kong / 香港 / 114.1650 22.2800 / way
Hong Kong Disneyland / 香港迪士尼樂園 / 114.0413 22.3130
Hong Kong Garden / 豪景花園 / 114.0430 22.3640
Hong Kong International Airport / 香港國際機場 / 113.9360 22.3090 / goal
Hong Kong Island / 香港島 / 114.1650 22.2800 / way
Hong Kong Polytechnic University / 香港理工大學 / 114.1800 22.3040
Hong Kong Port / 香港口岸 / 113.9480 22.3160 / way
Hong Kong Stadium / 香港大球場 / 114.1885 22.2735
Hong Kong Zoological & Botanical Gardens / 香港動植物公園 / 114.1560 22.2780
Hong Kong-Zhuhai-Macao Bridge Hong Kong Port / 港珠澳大橋香港口岸 / 113.9480 22.3160 / way
Hong Kong-Zhuhai-Macao Bridge Port / 港珠澳大橋口岸 / 113.9560 22.3150 / goal
Hong Lok Yuen / 康樂園 / 114.1510 22.4640
Hung Hom / 紅磡 / 114.1815 22.3030
Hung Hom Station / 紅磡站 / 114.1820 22.3030
Hung Mui Kuk / 紅梅谷 / 114.1795 22.3625
Hung Shui Kiu / 洪水橋 / 114.0025 22.4318
Jordan / 佐敦 / 114.1715 22.3055
Kai Tak / 啟德 / 114.2010 22.3270
Kai Tak East / 啟德東 / 114.2120 22.3165
Kai Tak Sports Park / 啟德體育園 / 114.1920 22.3250
Kai Tak Tunnel / 啟德隧道 / 114.1960 22.3210 / way
Kai Yip Estate / 啟業邨 / 114.2110 22.3250
Kam Tin / 錦田 / 114.0620 22.4300
Kellett Island / 奇力島 / 114.1815 22.2836
Kennedy Town / 堅尼地城 / 114.1290 22.2855
Kowloon / 九龍 / 114.1750 22.3200
Kowloon Bay / 九龍灣 / 114.2135 22.3240
Kowloon City / 九龍城 / 114.1890 22.3285
Kowloon MTR Station / 九龍港鐵站 / 114.1620 22.3050
Kowloon Tong / 九龍塘 / 114.1789 22.3380
Kowloon Tong MTR Station / 九龍塘港鐵站 / 114.1760 22.3370
Kwai Chung / 葵涌 / 114.1320 22.3660
Kwai Chung Container Port / 葵涌貨櫃碼頭 / 114.1220 22.3420
Kwai Chung Container Terminals / 葵涌貨櫃碼頭 / 114.1230 22.3430 / goal
Kwai Chung Park / 葵涌公園 / 114.1190 22.3570 / way
Kwai Fong / 葵芳 / 114.1275 22.3560
Kwai Hing / 葵興 / 114.1310 22.3630
Kwong Fuk Bridge / 廣福橋 / 114.1680 22.4490 / way
Kwu Tung / 古洞 / 114.1000 22.5035
Kwun Tong / 觀塘 / 114.2240 22.3125
Kwun Tong Ferry Pier / 觀塘碼頭 / 114.2180 22.3080
LOHAS Park / 日出康城 / 114.2690 22.2960
Laguna City / 麗港城 / 114.2270 22.3060
Lai Chi Kok / 荔枝角 / 114.1450 22.3360
Lai King / 荔景 / 114.1270 22.3485
Lam Tei / 藍地 / 113.9900 22.4195
Lam Tin / 藍田 / 114.2320 22.3085
Landmark North / 上水廣場 / 114.1270 22.5010 / way
Lei Cheng Uk Estate / 李鄭屋邨 / 114.1600 22.3380
Lei Muk Shue / 梨木樹 / 114.1370 22.3740
Lion Rock / 獅子山 / 114.1800 22.3437
Lion Rock Tunnel / 獅子山隧道 / 114.1770 22.3530 / way
Lok Fu / 樂富 / 114.1870 22.3380
Lok Ma Chau / 落馬洲 / 114.0725 22.5095
Lok Ma Chau Control Point / 落馬洲管制站 / 114.0745 22.5150
Luen Wo Hui / 聯和墟 / 114.1440 22.4990
Lung Mun Oasis / 龍門居 / 113.9610 22.3870
Ma Liu Shui / 馬料水 / 114.2090 22.4140
Ma On Shan / 馬鞍山 / 114.2310 22.4160
Ma Tau Kok / 馬頭角 / 114.1890 22.3190
Ma Tau Wai / 馬頭圍 / 114.1860 22.3230
Ma Wan / 馬灣 / 114.0600 22.3490
Man Kam To / 文錦渡 / 114.1300 22.5360
Mei Foo / 美孚 / 114.1370 22.3385
Mong Kok / 旺角 / 114.1695 22.3190
Mui Wo / 梅窩 / 113.9950 22.2650
Nam Cheong / 南昌 / 114.1515 22.3275
New Territories / 新界 / 114.1200 22.4300 / way
Ngau Tau Kok / 牛頭角 / 114.2175 22.3165
North Point / 北角 / 114.1975 22.2927
North West Tsing Yi / 青衣西北 / 114.0850 22.3590
Ocean Park / 海洋公園 / 114.1740 22.2470
Olympian City / 奧海城 / 114.1610 22.3170
Olympic / 奧運 / 114.1600 22.3180
Pak Sha Wan / 白沙灣 / 114.2570 22.3620
Pamela Youde Nethersole Eastern Hospital / 東區尤德夫人那打素醫院 / 114.2365 22.2695
Pik Uk / 壁屋 / 114.2520 22.3370
Ping Shan / 屏山 / 114.0090 22.4470
Ping Shek Estate / 坪石邨 / 114.2095 22.3340
Po Lam / 寶琳 / 114.2570 22.3225
Pok Fu Lam / 薄扶林 / 114.1345 22.2620
Prince Edward / 太子 / 114.1683 22.3245
Prince of Wales Hospital / 威爾斯親王醫院 / 114.2010 22.3800
Princess Margaret Hospital / 瑪嘉烈醫院 / 114.1340 22.3410
Quarry Bay / 鰂魚涌 / 114.2125 22.2908
Queen Elizabeth Hospital / 伊利沙伯醫院 / 114.1752 22.3090
Queen Mary Hospital / 瑪麗醫院 / 114.1310 22.2700
Regal Oriental Hotel / 富豪東方酒店 / 114.1930 22.3300
Repulse Bay / 淺水灣 / 114.1960 22.2360
Richland Garden / 麗晶花園 / 114.2090 22.3260
Sai Kung / 西貢 / 114.2700 22.3800
Sai Kung Town / 西貢市中心 / 114.2710 22.3820
Sai Wan / 西環 / 114.1350 22.2865
Sai Wan Ho / 西灣河 / 114.2220 22.2820
Sai Ying Pun / 西營盤 / 114.1425 22.2890
Sam Shing / 三聖 / 113.9760 22.3810
San Hui / 新墟 / 113.9780 22.3960 / way
San Po Kong / 新蒲崗 / 114.1990 22.3350
San Tin / 新田 / 114.0740 22.4950
Sau Mau Ping / 秀茂坪 / 114.2320 22.3200
Science Park / 科學園 / 114.2110 22.4265
Sea Crest Villa / 浪翠園 / 114.0640 22.3670
Sha Tau Kok / 沙頭角 / 114.2230 22.5450
Sha Tin / 沙田 / 114.1905 22.3830
Sha Tin Racecourse / 沙田馬場 / 114.2055 22.4010
Sha Tin Sewage Treatment Works / 沙田污水處理廠 / 114.2160 22.4060
Sha Tin Wai / 沙田圍 / 114.1985 22.3765
Sham Shui Po / 深水埗 / 114.1600 22.3305
Sham Tseng / 深井 / 114.0590 22.3675
Shap Pat Heung / 十八鄉 / 114.0400 22.4340
Shau Kei Wan / 筲箕灣 / 114.2285 22.2802
Shek Kip Mei / 石硤尾 / 114.1680 22.3320
Shek Kong / 石崗 / 114.0860 22.4340
Shek Lei / 石籬 / 114.1400 22.3640
Shek Mun / 石門 / 114.2125 22.3990
Shek Wai Kok / 石圍角 / 114.1250 22.3770
Shenzhen / 深圳 / 114.0650 22.5350 / goal
Shenzhen Bay / 深圳灣 / 113.9450 22.4950
Shenzhen Bay Port / 深圳灣口岸 / 113.9480 22.4900
Sheung Shui / 上水 / 114.1250 22.5000
Sheung Wan / 上環 / 114.1500 22.2865
Shing Mun / 城門 / 114.1390 22.3815
Shing Mun Tunnel / 城門隧道 / 114.1540 22.3790 / way
Shing Mun Tunnels / 城門隧道 / 114.1540 22.3790 / way
Shun Lee / 順利 / 114.2240 22.3325
Shun Lee Estate / 順利邨 / 114.2250 22.3320
Siu Ho Wan / 小蠔灣 / 113.9890 22.3085
Siu Hong / 兆康 / 113.9785 22.4110
Siu Lam / 小欖 / 114.0080 22.3675
Siu Lek Yuen / 小瀝源 / 114.2100 22.3830
Siu Sai Wan / 小西灣 / 114.2490 22.2630
So Kwun Wat / 掃管笏 / 113.9900 22.3752
South Horizons / 海怡半島 / 114.1490 22.2430
Stanley / 赤柱 / 114.2110 22.2185
Stonecutters Bridge / 昂船洲大橋 / 114.1160 22.3250 / way
Stonecutters Island / 昂船洲 / 114.1320 22.3270
Sunny Bay / 欣澳 / 114.0340 22.3325
Tai Kok Tsui / 大角咀 / 114.1592 22.3192
Tai Koo / 太古 / 114.2160 22.2850
Tai Koo Shing / 太古城 / 114.2175 22.2860
Tai Lam / 大欖 / 114.0200 22.3640
Tai Lam Tunnel / 大欖隧道 / 114.0560 22.4000 / way
Tai Po / 大埔 / 114.1680 22.4510
Tai Po Industrial Estate / 大埔工業邨 / 114.1870 22.4600
Tai Po Kau / 大埔滘 / 114.1860 22.4270
Tai Po Market / 大埔墟 / 114.1700 22.4450
Tai Wai / 大圍 / 114.1790 22.3735
Tai Wo / 太和 / 114.1610 22.4510
Tai Wo Hau / 大窩口 / 114.1250 22.3705
Tai Wo Ping / 大窩坪 / 114.1635 22.3412
Tam Mi / 潭尾 / 114.0650 22.4680
Tate's Cairn Tunnel / 大老山隧道 / 114.2060 22.3580 / way
The Chinese University of Hong Kong / 香港中文大學 / 114.2080 22.4180 / way
The Peak / 山頂 / 114.1500 22.2710
Tin Hau / 天后 / 114.1920 22.2825
Tin Shui Wai / 天水圍 / 114.0020 22.4540
Ting Kau / 汀九 / 114.0790 22.3705
Ting Kau Bridge / 汀九橋 / 114.0800 22.3630 / way
Tiu Keng Leng / 調景嶺 / 114.2525 22.3045
To Kwa Wan / 土瓜灣 / 114.1880 22.3150
Tong Yan San Tsuen / 唐人新村 / 114.0136 22.4378
Tseung Kwan O / 將軍澳 / 114.2600 22.3120
Tseung Kwan O Hospital / 將軍澳醫院 / 114.2700 22.3180
Tseung Kwan O Industrial Estate / 將軍澳工業邨 / 114.2700 22.2850
Tseung Kwan O Tunnel / 將軍澳隧道 / 114.2470 22.3180 / way
Tsim Sha Tsui / 尖沙咀 / 114.1735 22.2962
Tsing Lung Tau / 青龍頭 / 114.0430 22.3640
Tsing Ma Bridge / 青馬大橋 / 114.0740 22.3510 / way
Tsing Yi / 青衣 / 114.1080 22.3520
Tsing Yi South / 青衣南 / 114.1050 22.3350
Tsuen Wan / 荃灣 / 114.1150 22.3685
Tsz Wan Shan / 慈雲山 / 114.2010 22.3490
Tuen Mun / 屯門 / 113.9765 22.3920
Tuen Mun Area 40 / 屯門第40區 / 113.9470 22.3780
Tuen Mun Hospital / 屯門醫院 / 113.9760 22.4075
Tung Chung / 東涌 / 113.9455 22.2905
Union Hospital / 仁安醫院 / 114.1760 22.3660
University of Hong Kong / 香港大學 / 114.1370 22.2835
University of Science and Technology / 科技大學 / 114.2650 22.3370
Wan Chai / 灣仔 / 114.1745 22.2798
West Kowloon / 西九龍 / 114.1605 22.3060
West Kowloon Station / 西九龍站 / 114.1655 22.3040
Western District / 西區 / 114.1380 22.2870 / way
Western Harbour Crossing / 西區海底隧道 / 114.1510 22.2970 / way
Whampoa / 黃埔 / 114.1900 22.3050
Wong Chuk Hang / 黃竹坑 / 114.1740 22.2492
Wong Tai Sin / 黃大仙 / 114.1935 22.3417
Wu Kai Sha / 烏溪沙 / 114.2450 22.4275
Yau Ma Tei / 油麻地 / 114.1695 22.3130
Yau Tong / 油塘 / 114.2370 22.2985
Yuen Chau Tsai / 元洲仔 / 114.1770 22.4465
Yuen Long / 元朗 / 114.0290 22.4350
Yuen Long Town Centre / 元朗市中心 / 114.0270 22.4440
"""
