"""The incidents service's declaration."""

from __future__ import annotations

from datetime import timedelta

from lionrock.city.city import City
from lionrock.city.departments import TRANSPORT_DEPARTMENT
from lionrock.core.manifest import Action, Feed, Job, Link, Page, Question, Request, Service, days, hours, minutes
from lionrock.core.vocabulary import Text
from lionrock.services.mobility.incidents import actions
from lionrock.services.mobility.incidents.ai import AI_USES
from lionrock.services.mobility.incidents.alarms import learn_usual_days, look_for_alarms
from lionrock.services.mobility.incidents.answers.clearance import ClearanceQuery, list_clearance
from lionrock.services.mobility.incidents.answers.exports import incidents_as_csv, incidents_as_geojson
from lionrock.services.mobility.incidents.answers.incidents import (
    IncidentQuery,
    IncidentsQuery,
    list_incidents,
    tell_incident,
)
from lionrock.services.mobility.incidents.costs import tell_costs
from lionrock.services.mobility.incidents.datasets import (
    ALARMS,
    CLEARANCE_TIMES,
    DECISIONS,
    IMPACTS,
    INCIDENTS,
    RULINGS,
    USUAL_DAYS,
    WHAT_IFS,
)
from lionrock.services.mobility.incidents.jobs import learn_from_the_past, tell_lives
from lionrock.services.mobility.incidents.kinds import IncidentKind
from lionrock.services.mobility.incidents.sources import READS
from lionrock.services.mobility.incidents.what_ifs import (
    SAMPLE_PARAMS,
    Decide,
    TryMeasures,
    decide,
    list_waiting,
    parse_what_if,
    tell_outcomes,
    try_measures,
)
from lionrock.services.mobility.incidents.words import WORDS

OPERATOR = "traffic-operator"
OF_THE_SAMPLES, CLOSED = "IN-26-00901", "IN-26-00897"
FRESH = timedelta(seconds=10)

SERVICE: Service[City] = Service(
    id="incidents",
    title=Text(en="Incidents", tc="交通事故"),
    owner=TRANSPORT_DEPARTMENT,
    area="mobility",
    summary=Text(
        en="One life for each incident on the roads, whoever saw it first, with how long it is likely to last.",
        tc="每宗道路事故的完整紀錄，不論最先由誰發現，並估計所需時間。",
    ),
    reads=READS,
    feeds=(
        Feed(
            name="what_ifs",
            title=Text(en="What measures would save", tc="各項措施的預計成效"),
            writes=(WHAT_IFS,),
            requests=(Request(url="simulation/what-if?scenario={scenario}", each=list_waiting),),
            every=minutes(1 / 6),
            parse=parse_what_if,
            sample="what-if.json",
            may_be_empty=True,
            sample_params=SAMPLE_PARAMS,
            keep=days(1),
        ),
    ),
    ai_uses=AI_USES,
    jobs=(
        Job(
            name="lives",
            title=Text(en="Tell every incident's life", tc="整合事故紀錄"),
            writes=(INCIDENTS,),
            every=minutes(0.5),
            does=tell_lives,
        ),
        Job(
            name="clearance",
            title=Text(en="Learn how long incidents last", tc="學習事故需時"),
            writes=(INCIDENTS, CLEARANCE_TIMES),
            every=hours(6),
            does=learn_from_the_past,
        ),
        Job(
            name="usual_days",
            title=Text(en="Learn each detector's usual day", tc="學習各探測器的平常日"),
            writes=(USUAL_DAYS,),
            every=hours(24),
            does=learn_usual_days,
        ),
        Job(
            name="alarms",
            title=Text(en="Look for unusual traffic", tc="偵測交通異常"),
            writes=(ALARMS,),
            every=minutes(1),
            does=look_for_alarms,
        ),
        Job(
            name="costs",
            title=Text(en="Estimate what incidents cost", tc="估算事故的影響"),
            writes=(IMPACTS,),
            every=minutes(5),
            does=tell_costs,
        ),
        Job(
            name="outcomes",
            title=Text(en="Tell what came of decisions", tc="記錄措施的結果"),
            writes=(DECISIONS,),
            every=minutes(5),
            does=tell_outcomes,
        ),
    ),
    actions=(
        Action(
            path="incidents/open",
            title=Text(en="Open an incident", tc="開立事故"),
            asks=actions.OpenIncident,
            needs=OPERATOR,
            writes=(RULINGS,),
            does=actions.open_incident,
            example=actions.OpenIncident(
                kind=IncidentKind.BREAKDOWN, road="Waterloo Road", direction="Sha Tin", lanes="slow"
            ),
        ),
        Action(
            path="incidents/correct",
            title=Text(en="Correct an incident", tc="更正事故"),
            asks=actions.CorrectIncident,
            needs=OPERATOR,
            writes=(RULINGS,),
            does=actions.correct_incident,
            example=actions.CorrectIncident(id=OF_THE_SAMPLES, lanes="fast middle"),
        ),
        Action(
            path="incidents/override",
            title=Text(en="Override or release one field", tc="覆蓋或還原一個欄位"),
            asks=actions.OverrideField,
            needs=OPERATOR,
            writes=(RULINGS,),
            does=actions.override_field,
            example=actions.OverrideField(id=OF_THE_SAMPLES, field="kind", value="fire"),
        ),
        Action(
            path="incidents/merge",
            title=Text(en="Merge two incidents", tc="合併兩宗事故"),
            asks=actions.MergeIncidents,
            needs=OPERATOR,
            writes=(RULINGS,),
            does=actions.merge_incidents,
            example=actions.MergeIncidents(id=OF_THE_SAMPLES, into=CLOSED),
        ),
        Action(
            path="incidents/close",
            title=Text(en="Close an incident", tc="結束事故"),
            asks=actions.OneIncident,
            needs=OPERATOR,
            writes=(RULINGS,),
            does=actions.close_incident,
            example=actions.OneIncident(id=OF_THE_SAMPLES),
        ),
        Action(
            path="incidents/reopen",
            title=Text(en="Reopen a closed incident, or separate a merged one", tc="重開已結束或分拆已合併的事故"),
            asks=actions.OneIncident,
            needs=OPERATOR,
            writes=(RULINGS,),
            does=actions.reopen_incident,
            example=actions.OneIncident(id=CLOSED),
        ),
        Action(
            path="incidents/try",
            title=Text(en="Try measures in the simulation", tc="模擬各項措施"),
            asks=TryMeasures,
            needs=OPERATOR,
            writes=(WHAT_IFS,),
            does=try_measures,
            example=TryMeasures(id=OF_THE_SAMPLES, link="900001", open_lanes=1),
        ),
        Action(
            path="incidents/decide",
            title=Text(en="Decide on a measure", tc="決定採取措施"),
            asks=Decide,
            needs=OPERATOR,
            writes=(DECISIONS,),
            does=decide,
            example=Decide(what_if=SAMPLE_PARAMS["what_if"], measure="open lanes"),
        ),
    ),
    questions=(
        Question(
            path="incidents",
            title=Text(en="Which incidents are there?", tc="有哪些事故？"),
            asks=IncidentsQuery,
            answer=list_incidents,
            example=IncidentsQuery(),
            fresh=FRESH,
        ),
        Question(
            path="incidents.geojson",
            title=Text(en="The same incidents as GeoJSON", tc="事故（GeoJSON）"),
            asks=IncidentsQuery,
            answer=incidents_as_geojson,
            example=IncidentsQuery(),
            form="application/geo+json",
        ),
        Question(
            path="incidents.csv",
            title=Text(en="The same incidents as CSV", tc="事故（CSV）"),
            asks=IncidentsQuery,
            answer=incidents_as_csv,
            example=IncidentsQuery(state="all"),
            form="text/csv",
        ),
        Question(
            path="incidents/{id}",
            title=Text(en="What is an incident's whole life?", tc="一宗事故的完整經過？"),
            asks=IncidentQuery,
            answer=tell_incident,
            example=IncidentQuery(id=OF_THE_SAMPLES),
            fresh=FRESH,
        ),
        Question(
            path="incident-durations",
            title=Text(en="How long do incidents last?", tc="事故通常歷時多久？"),
            asks=ClearanceQuery,
            answer=list_clearance,
            example=ClearanceQuery(elapsed_min=30),
        ),
    ),
    pages=(
        Page(
            path="incidents",
            title=Text(en="Incidents", tc="交通事故"),
            shows="incidents",
            template="incidents.html",
            link=Link(place=20, says=Text(en="Incidents", tc="事故")),
        ),
        Page(
            path="incident", title=Text(en="Incident", tc="交通事故"), shows="incidents/{id}", template="incident.html"
        ),
        Page(
            path="incident-durations",
            title=Text(en="How long incidents last", tc="事故通常歷時多久"),
            shows="incident-durations",
            template="incident_durations.html",
        ),
    ),
    words=WORDS,
)
