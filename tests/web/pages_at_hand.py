"""What each page is filled from in its tests: plain context, with markup in everything that data say."""

from __future__ import annotations

from typing import Any

from lionrock.core.vocabulary import Text

HOSTILE = "<script>alert('x')</script>"
PLACE = {"source": "twin", "simulated": True}
TITLE = Text(en="Traffic", tc="交通")

STATUS = {
    "now": "2026-11-21T05:30:00Z",
    "backfill": {"done": 5, "total": 14, "label": "days"},
    "feeds": [
        {
            "id": "traffic.news",
            "service": "traffic",
            "title": {"en": HOSTILE, "tc": HOSTILE, "sc": HOSTILE},
            "state": "failing",
            "last_success": None,
            "age_s": None,
            "every_s": 60.0,
            "error": {"en": HOSTILE, "tc": HOSTILE, "sc": HOSTILE},
            "set_aside": 1,
            "records": 0,
        }
    ],
    "services": [
        {
            "id": "traffic",
            "title": {"en": "Traffic", "tc": "交通", "sc": "交通"},
            "owner": TITLE,
            "rung": "sampled",
            "why": {"en": "no trial", "tc": "未評估", "sc": "未评估"},
            "feeds": 1,
        }
    ],
    "failures": [{"work": "job incidents.alarms", "times": 2, "age_s": 40.0, "error": "KeyError: 'AID01'"}],
    "set_aside": [
        {
            "id": 1,
            "feed": "traffic.news",
            "at": "2026-11-21T05:29:00Z",
            "reason": {"en": HOSTILE, "tc": HOSTILE, "sc": HOSTILE},
            "where": {"en": "line 1", "tc": "第 1 行", "sc": "第 1 行"},
            "remedy": {"en": "", "tc": "", "sc": ""},
            "bytes": 2048,
            "href": "/set-aside/1",
        }
    ],
}
INCIDENT = {
    "id": "IN-1",
    "state": "confirmed",
    "kind": "accident",
    "kind_title": TITLE,
    "title": {"en": HOSTILE, "tc": HOSTILE, "sc": HOSTILE},
    "detail": {"en": "A lane is closed.", "tc": "一線封閉。", "sc": "一线封闭。"},
    "place": {"en": "", "tc": "", "sc": ""},
    "lon": None,
    "lat": None,
    "began": "2026-11-21T05:00:00Z",
    "updated": "2026-11-21T05:10:00Z",
    "left": None,
    "impact": None,
    "merged_into": "",
}
WHAT_IF = {"id": "IN-1@1", "at": "2026-11-21T05:12:00Z", "title": TITLE, "detail": Text(en=HOSTILE, tc=HOSTILE)}
SAVED = {
    "state": "done",
    "problem": "",
    "cost": {"low": 10.0, "middle": 20.0, "high": 30.0},
    "saved": [
        {"name": "open lanes", "low": 4.0, "middle": 5.0, "high": 6.0},
        {"name": "divert", "low": -75.6, "middle": -44.6, "high": -13.6},
        {"name": "both", "low": -1.0, "middle": 2.0, "high": 4.0},
    ],
}
LIFE = {
    "at": "2026-11-21T05:30:00Z",
    "incident": {
        **INCIDENT,
        "road": "Nowhere Lane",
        "direction": "",
        "near": "",
        "names": {},
        "lanes": [],
        "links": [],
        "error_m": None,
        "located_by": "",
        "cleared_at": None,
        "closed_at": None,
        "merged": [],
        "merged_into": "",
        "overridden": [],
    },
    "begun_unheard": False,
    "provenance": {},
    "timeline": [],
    "kinds": {"accident": TITLE},
    "what_ifs": [
        {**WHAT_IF, "properties": {"state": "waiting", "incident": "IN-1", "scenario": ""}},
        {**WHAT_IF, "properties": SAVED},
    ],
    "decisions": [
        {**WHAT_IF, "properties": {"what_if": "IN-1@1", "measure": "both", "expected": SAVED["saved"][2]}},
    ],
    "akin": {"IN-3": {"id": "IN-3", "title": TITLE, "place": TITLE, "began": "2026-11-21T05:00:00Z"}},
    "segments": {"900001": {"en": "Waterloo Road", "tc": "窩打老道", "sc": "窝打老道"}},
    "others": [{"id": "IN-2", "title": TITLE, "place": TITLE, "began": "2026-11-21T05:00:00Z"}],
}
ANSWERED = {
    "service": {"id": "incidents", "title": TITLE},
    "question": TITLE,
    "api_href": "/api/v1/incidents",
    "query": {"state": "open", "at": None},
    "silent": [],
}
FLOW = {
    "feed": "weather.nowcast",
    "title": Text(en=HOSTILE, tc=HOSTILE),
    "addresses": ["https://example.test/nowcast.csv"],
    "service": "weather",
    "service_title": Text(en="Weather", tc="天氣"),
    "writes": ["weather.rainfall"],
    "read_by": ["traffic"],
}
AI_USE = {
    "service": "traffic",
    "service_title": TITLE,
    "model": "ahead",
    "title": Text(en="Speeds ahead", tc="車速預測"),
    "record": {
        "purpose": Text(en=HOSTILE, tc=HOSTILE),
        "risk": "low",
        "decides": Text(en="A driver", tc="駕駛者"),
        "limits": Text(en="Typhoons", tc="颱風"),
        "human_review": Text(),
        "appeal": Text(en="Write", tc="致函"),
        "personal_data": False,
    },
    "baseline": "last value",
    "trials": [
        {"data": "scats", "metric": "MAE", "real": True, "command": HOSTILE, "score": None, "baseline_score": None}
    ],
    "version": None,
    "trained_at": None,
    "learned_from": None,
    "learned_until": None,
    "alerts": [],
    "learns": None,
}
DATASET = {
    "id": "traffic.speeds",
    "title": Text(en="Speeds", tc="車速"),
    "description": Text(en=HOSTILE, tc=HOSTILE),
    "kind": "readings",
    "publisher": {"en": "Traffic", "tc": "交通", "sc": "交通"},
    "owner": TITLE,
    "licence": "DATA.GOV.HK",
    "rhythm_s": 120.0,
    "personal": False,
    "properties": [{"id": "speed", "title": Text(en="Speed", tc="車速"), "unit": "km/h"}],
}
SERVICE = {
    "id": "traffic",
    "title": TITLE,
    "summary": Text(en=HOSTILE, tc=HOSTILE),
    "owner": TITLE,
    "area": "mobility",
    "rung": "declared",
    "why": Text(en="no sample", tc="沒有樣本"),
    "reads": ["weather.rainfall"],
    "publishes": ["traffic.speeds"],
    "questions": [{"title": Text(en="One road", tc="道路"), "href": "/api/v1/traffic/roads/{id}"}],
    "pages": [{"title": Text(en="Incidents", tc="事故"), "path": "incidents"}],
}
ROAD = {
    "id": "1",
    "name": Text(en=HOSTILE, tc=HOSTILE),
    "direction": "East",
    "speed_kmh": 40.0,
    "free_flow_kmh": 80.0,
    "age_s": 61.0,
}

PAGES: dict[str, dict[str, Any]] = {
    "console": {"tiles": {"url": "https://tiles.test/{z}", "attribution": HOSTILE, "logo": None}, "roads": [ROAD]},
    "status": {"status": STATUS},
    "incidents": {"answer": {"at": "2026-11-21T05:30:00Z", "incidents": [INCIDENT]}, **ANSWERED},
    "incident": {"answer": LIFE, **ANSWERED},
    "answer": {
        "answer": {"note": HOSTILE, "rows": [{"name": HOSTILE, "n": 1}], "nested": {"list": [1, 2]}},
        **ANSWERED,
    },
    "services": {"services": [SERVICE]},
    "ai_register": {"records": [AI_USE]},
    "data_flow": {"flows": [FLOW], "titles": {"weather.rainfall": TITLE}, "readers": {"traffic": TITLE}},
    "datasets": {"datasets": [DATASET]},
    "error": {"problem": {"title": HOSTILE, "status": 503, "detail": HOSTILE, "detail_tag": "en", "back": ""}},
}
