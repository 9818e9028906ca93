"""What an operator should look at again in the place that they named."""

from __future__ import annotations

from lionrock.core.vocabulary import Text
from lionrock.services.mobility.incidents.atlas import Atlas, far_m
from lionrock.services.mobility.incidents.matching import knows_direction

FAR_M = 500.0  # so far from the road that is named, one of the two is likely to be wrong


def with_doubts(
    says: Text, atlas: Atlas, *, road: str = "", direction: str = "", lon: float | None = None, lat: float | None = None
) -> Text:
    """The sentence, and after it what is doubtful about the place; nothing where nothing is."""
    doubts = _about_place(atlas, road, lon, lat), _about_direction(atlas, direction)
    told = [says, *(doubt for doubt in doubts if doubt is not None)]
    return Text(en=" ".join(each.en for each in told), tc="".join(each.tc for each in told))


def _about_place(atlas: Atlas, road: str, lon: float | None, lat: float | None) -> Text | None:
    """A road that nobody knows, or a place that is far from it."""
    if not road:
        return None
    lines = atlas.find_road(road)
    called = _in_any_language(atlas.called(road))
    if not lines:
        return Text(
            en=f"No road here is called {called.en}: the map cannot show its segments.",
            tc=f"本系統沒有名為「{called.tc}」的道路，地圖未能顯示其路段。",
        )
    if lon is None or lat is None or (apart_m := far_m(lines, (lon, lat))) < FAR_M:
        return None
    return Text(
        en=f"The place is {apart_m / 1000:.1f} km from {called.en}: please check which of the two is right.",
        tc=f"位置距離{called.tc} {apart_m / 1000:.1f} 公里，請核對兩者何者正確。",
    )


def _about_direction(atlas: Atlas, direction: str) -> Text | None:
    """A direction that nobody can tell: the segments of both are then taken."""
    if not direction or direction == "both" or knows_direction(direction, atlas):
        return None
    called = _in_any_language(atlas.called(direction))
    return Text(
        en=f"Nothing here is called {called.en}: both directions of the road are taken.",
        tc=f"本系統沒有名為「{called.tc}」的地方，因此視為道路的兩個方向。",
    )


def _in_any_language(name: Text) -> Text:
    """A name that is known in one language alone, said by it in the other too."""
    return Text(en=name.en or name.tc, tc=name.tc or name.en)
