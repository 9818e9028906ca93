"""The buses service's declaration."""

from __future__ import annotations

from lionrock.city.city import City
from lionrock.core.manifest import Feed, Job, Page, Question, Request, Service, days, hours, minutes
from lionrock.core.vocabulary import Text
from lionrock.services.mobility.buses import answers, asking, feeds
from lionrock.services.mobility.buses.datasets import ARRIVALS, PROBE_SPEEDS, ROUTE_STOPS, ROUTES, SECTIONS, STOPS
from lionrock.services.mobility.buses.sections import ROAD_NETWORK_ID, SEGMENT_SPEEDS_ID, draw_sections
from lionrock.services.mobility.buses.speeds import measure_speeds
from lionrock.services.mobility.buses.words import WORDS

SERVICE: Service[City] = Service(
    id="buses",
    title=Text(en="Buses", tc="巴士"),
    owner=Text(en="KMB, Long Win and Citybus / Transport Department", tc="九巴、龍運及城巴／運輸署"),
    area="mobility",
    summary=Text(
        en="When the next buses come, and how fast the roads let them run: every bus is a probe of its road.",
        tc="下一班巴士何時到站，以及道路讓巴士行得多快：每輛巴士都是路況探測器。",
    ),
    reads=(ROAD_NETWORK_ID, SEGMENT_SPEEDS_ID),
    feeds=(
        Feed(
            name="routes",
            title=Text(en="Bus routes", tc="巴士路線"),
            writes=(ROUTES,),
            requests=("kmb/route/", "citybus/route/CTB"),
            every=days(1),
            parse=feeds.parse_routes,
            sample="kmb_route.json",
            snapshot=True,
        ),
        Feed(
            name="kmb_stops",
            title=Text(en="Bus stops of KMB and Long Win", tc="九巴及龍運巴士站"),
            writes=(STOPS,),
            requests=("kmb/stop",),
            every=days(1),
            parse=feeds.parse_stops,
            sample="kmb_stop.json",
        ),
        Feed(
            name="kmb_route_stops",
            title=Text(en="Stops of each KMB and Long Win route", tc="九巴及龍運各路線車站"),
            writes=(ROUTE_STOPS,),
            requests=("kmb/route-stop",),
            every=days(1),
            parse=feeds.parse_route_stops,
            sample="kmb_route_stop.json",
        ),
        Feed(
            name="kmb_arrivals",
            title=Text(en="Arrivals of KMB and Long Win", tc="九巴及龍運到站時間"),
            writes=(ARRIVALS,),
            requests=(Request(url="kmb/route-eta/{route}/{service_type}", each=asking.list_kmb_routes),),
            every=minutes(1),
            parse=feeds.parse_arrivals,
            sample="kmb_route_eta.json",
            may_be_empty=True,
            keep=days(1),  # an answer a minute and address: a week would be a million files
        ),
        Feed(
            name="citybus_route_stops",
            title=Text(en="Stops of each Citybus route", tc="城巴各路線車站"),
            writes=(ROUTE_STOPS,),
            requests=(Request(url="citybus/route-stop/CTB/{route}/{direction}", each=asking.list_citybus_directions),),
            every=asking.ROUND,
            parse=feeds.parse_route_stops,
            sample="citybus_route_stop.json",
            may_be_empty=True,
        ),
        Feed(
            name="citybus_stops",
            title=Text(en="Bus stops of Citybus", tc="城巴巴士站"),
            writes=(STOPS,),
            requests=(Request(url="citybus/stop/{stop}", each=asking.list_citybus_stops),),
            every=asking.ROUND,
            parse=feeds.parse_stops,
            sample="citybus_stop.json",
        ),
        Feed(
            name="citybus_arrivals",
            title=Text(en="Arrivals of Citybus", tc="城巴到站時間"),
            writes=(ARRIVALS,),
            requests=(Request(url="citybus/eta/CTB/{stop}/{route}", each=asking.list_citybus_visits),),
            every=minutes(1),
            parse=feeds.parse_arrivals,
            sample="citybus_eta.json",
            may_be_empty=True,
            keep=days(1),  # an answer a minute and address: a week would be a million files
        ),
    ),
    jobs=(
        Job(
            name="sections",
            title=Text(en="Choose the routes that are asked, and draw their sections", tc="選定探測路線並劃定路段"),
            writes=(SECTIONS,),
            every=hours(1),
            does=draw_sections,
        ),
        Job(
            name="probe_speeds",
            title=Text(en="Measure road speeds by the buses on them", tc="以巴士量度車速"),
            writes=(PROBE_SPEEDS,),
            every=minutes(1),
            does=measure_speeds,
        ),
    ),
    questions=(
        Question(
            path="buses/probes",
            title=Text(en="How fast do the roads let buses run?", tc="道路讓巴士行得多快？"),
            asks=answers.ProbesQuery,
            answer=answers.list_probes,
            example=answers.ProbesQuery(),
        ),
        Question(
            path="buses/stops/{stop}",
            title=Text(en="When do the next buses come to this stop?", tc="下一班巴士何時到站？"),
            asks=answers.StopQuery,
            answer=answers.list_next_buses,
            example=answers.StopQuery(stop="1A1B2C3D4E5F6072"),
        ),
    ),
    pages=(
        Page(
            path="buses",
            title=Text(en="Buses as probes", tc="巴士探測路況"),
            shows="buses/probes",
            template="buses.html",
        ),
    ),
    words=WORDS,
)
