"""What the buses service publishes."""

from __future__ import annotations

from lionrock.city.place import DATA_GOV_HK
from lionrock.core.manifest import days, minutes
from lionrock.core.vocabulary import Dataset, Field, Json, Kind, Property, Text

ARRIVAL = Property(
    id="arrival_s",
    title=Text(en="Seconds until the bus arrives (negative: it has)", tc="距離巴士到站的秒數（負數即已到站）"),
    unit="s",
    low=-1800,
    high=6 * 3600,
)
SPEED = Property(id="speed_kmh", title=Text(en="Speed", tc="車速"), unit="km/h", low=0, high=110)
SPEED_DOUBT = Property(
    id="speed_doubt_kmh",
    title=Text(en="Standard doubt of the speed", tc="車速的標準不確定度"),
    unit="km/h",
    low=0,
    high=110,
)

ROUTES = Dataset(
    id="buses.routes",
    title=Text(en="Bus routes", tc="巴士路線"),
    description=Text(
        en="Every route and direction of KMB, Long Win and Citybus with its termini; the id is operator/route/"
        "direction/service type (KMB) or operator/route (Citybus).",
        tc="九巴、龍運及城巴各路線及方向的起訖點；編號為營辦商／路線／方向／服務類別（九巴）或營辦商／路線（城巴）。",
    ),
    kind=Kind.FEATURES,
    rhythm=days(1),
    licence=DATA_GOV_HK,
    fields=(
        Field("operator", Json.STRING, Text(en="bus company", tc="巴士公司")),
        Field("route", Json.STRING, Text(en="route number", tc="路線編號")),
        Field(
            "direction",
            Json.STRING,
            Text(
                en="O outbound, I inbound; null where the company does not say",
                tc="O 為去程，I 為回程；公司沒有說明則為 null",
            ),
            unknown=True,
        ),
    ),
)

STOPS = Dataset(
    id="buses.stops",
    title=Text(en="Bus stops", tc="巴士站"),
    description=Text(en="The name and place of each bus stop.", tc="每個巴士站的名稱及位置。"),
    kind=Kind.FEATURES,
    rhythm=days(1),
    licence=DATA_GOV_HK,
)

ROUTE_STOPS = Dataset(
    id="buses.route_stops",
    title=Text(en="Stops of each bus route", tc="各巴士路線的車站"),
    description=Text(en="The stops of each route and direction, in their order.", tc="各路線及方向依次停靠的車站。"),
    kind=Kind.FEATURES,
    rhythm=days(1),
    licence=DATA_GOV_HK,
    fields=(Field("stops", Json.ARRAY, Text(en="stops in their order", tc="車站次序")),),
)

ARRIVALS = Dataset(
    id="buses.arrivals",
    title=Text(en="Bus arrivals as announced", tc="巴士預計到站時間"),
    description=Text(
        en="When the next buses arrive, as the operators announce it, on the routes that are asked as probes. The "
        "sensor is the route, the position of the stop and the place in the queue (KMB/960/O/1/7/2); a time taken "
        "from the timetable is marked PLACEHOLDER.",
        tc="作為路況探測的路線上，營辦商公布的下一班巴士到站時間。按時間表估算者標示為 PLACEHOLDER。",
    ),
    kind=Kind.READINGS,
    rhythm=minutes(1),
    licence=DATA_GOV_HK,
    properties=(ARRIVAL,),
)

SECTIONS = Dataset(
    id="buses.sections",
    title=Text(en="Road sections between bus stops", tc="巴士站之間的路段"),
    description=Text(
        en="The way along known roads from one stop to the next on the routes that are asked as probes: its length, "
        "the road segments that it uses with the share of its length on each, and the visits that run it.",
        tc="作為路況探測的路線上，兩個相鄰車站之間沿已知道路的路段、長度及所用的道路路段。",
    ),
    kind=Kind.FEATURES,
    rhythm=days(1),
    licence=DATA_GOV_HK,
    fields=(
        Field("length_m", Json.NUMBER, Text(en="length in metres", tc="長度（米）")),
        Field(
            "segments",
            Json.ARRAY,
            Text(en="road segments that it runs over, each with its share", tc="途經路段及所佔比例"),
        ),
        Field("visits", Json.ARRAY, Text(en="routes and stops whose arrivals measure it", tc="用作量度的路線及車站")),
    ),
)

PROBE_SPEEDS = Dataset(
    id="buses.probe_speeds",
    title=Text(en="Road speeds measured by buses", tc="以巴士量度的車速"),
    description=Text(
        en="How fast the road between two stops let a bus run, the time lost at stops taken off, with its standard "
        "doubt. The sensor is the section (buses.sections); the moment is the arrival at its first stop. INVALID marks "
        "what a bus cannot tell: it ran near its own limit of 70 km/h, or too fast for so short a section; the road is "
        "about so fast or faster.",
        tc="扣除停站時間後，兩站之間巴士的行車速度及其標準不確定度。INVALID 表示巴士無法判斷：接近其七十公里的"
        "車速上限，或路段太短；道路實際車速大致如此或更高。",
    ),
    kind=Kind.READINGS,
    rhythm=minutes(1),
    licence=DATA_GOV_HK,
    properties=(SPEED, SPEED_DOUBT),
)
