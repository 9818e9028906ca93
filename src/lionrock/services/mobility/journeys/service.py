"""The journeys service's declaration."""

from __future__ import annotations

from lionrock.city.city import City
from lionrock.city.departments import TRANSPORT_DEPARTMENT
from lionrock.core.manifest import Feed, Link, Page, Question, Service, days
from lionrock.core.vocabulary import Text
from lionrock.services.mobility.journeys.answers.departures import DeparturesQuery, compare_departures
from lionrock.services.mobility.journeys.answers.plan import PlanQuery, plan_trip
from lionrock.services.mobility.journeys.answers.route import RouteQuery, plan_route
from lionrock.services.mobility.journeys.answers.search import PlacesQuery, search_places
from lionrock.services.mobility.journeys.chart import draw_departures
from lionrock.services.mobility.journeys.datasets import TIMED_TOLLS, TOLLS
from lionrock.services.mobility.journeys.feeds import parse_timed_tolls, parse_tolls
from lionrock.services.mobility.journeys.reads import READS
from lionrock.services.mobility.journeys.words import WORDS

SOMEWHERE, ELSEWHERE = "22.2811, 114.1705", "22.2813, 114.1790"  # both on Gloucester Road

SERVICE: Service[City] = Service(
    id="journeys",
    title=Text(en="Journeys by road", tc="行車路線"),
    owner=TRANSPORT_DEPARTMENT,
    area="mobility",
    summary=Text(
        en="When to leave, which way, how long it may take and what it costs, over the speeds that are predicted.",
        tc="按預測車速告訴你何時出發、走哪條路、可能需時多久及隧道費。",
    ),
    reads=READS,
    feeds=(
        Feed(
            name="tolls",
            title=Text(en="Tolls of tunnels and bridges", tc="隧道及大橋收費"),
            writes=(TOLLS,),
            requests=("td-static/road-network-v2/TUN_BRIDGE_TOLL.csv",),
            every=days(1),
            parse=parse_tolls,
            sample="TUN_BRIDGE_TOLL.csv",
            snapshot=True,
        ),
        Feed(
            name="timed_tolls",
            title=Text(en="Tolls that change with the hour", tc="分時段隧道收費"),
            writes=(TIMED_TOLLS,),
            requests=("td-static/road-network-v2/TUN_BRIDGE_TV_TOLL.csv",),
            every=days(1),
            parse=parse_timed_tolls,
            sample="TUN_BRIDGE_TV_TOLL.csv",
            snapshot=True,
        ),
    ),
    questions=(
        Question(
            path="journeys/route",
            title=Text(en="Which way, and how long will it take?", tc="走哪條路，需時多久？"),
            asks=RouteQuery,
            answer=plan_route,
            example=RouteQuery(start=SOMEWHERE, end=ELSEWHERE, depart_in=15),
        ),
        Question(
            path="journeys/departures",
            title=Text(en="When is it best to leave?", tc="何時出發最好？"),
            asks=DeparturesQuery,
            answer=compare_departures,
            example=DeparturesQuery(start=SOMEWHERE, end=ELSEWHERE),
        ),
        Question(
            path="journeys/places",
            title=Text(en="Which places are called like this?", tc="哪些地方叫這個名字？"),
            asks=PlacesQuery,
            answer=search_places,
            example=PlacesQuery(text="sha tin"),
        ),
        Question(
            path="journeys/plan",
            title=Text(en="A trip with its ways and departures", tc="行程、路線及出發時間"),
            asks=PlanQuery,
            answer=plan_trip,
            example=PlanQuery(),
        ),
    ),
    pages=(
        Page(
            path="journeys",
            title=Text(en="Journeys", tc="行程"),
            shows="journeys/plan",
            template="journeys.html",
            draws=(draw_departures,),
            link=Link(place=10),
        ),
    ),
    words=WORDS,
)
