from __future__ import annotations

from pathlib import Path

import pytest

import lionrock
from lionrock.core.settings import read_settings, settings_fields
from lionrock.core.vocabulary import BadSetting, Source


def test_the_environment_wins_over_the_file_and_what_is_given_wins_over_both(tmp_path: Path) -> None:
    file = tmp_path / "lionrock.toml"
    file.write_text('port = 8100\nsource = "live"\nbackfill_days = 3\n')
    settings = read_settings({"LIONROCK_PORT": "8200", "LIONROCK_DATA": "/srv/x"}, file, backfill_days=5)
    assert (settings.port, settings.source, settings.backfill_days) == (8200, Source.LIVE, 5)
    assert settings.home == Path("/srv/x/live")


MAPPED = {"LIONROCK_TILES_URL": "https://tiles.test/{z}/{x}/{y}.png", "LIONROCK_TILES_ATTRIBUTION": "a map"}


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("LIONROCK_PORT", "eighty", "LIONROCK_PORT='eighty': not a whole number"),
        ("LIONROCK_PORT", "70000", "<= 65535"),
        ("LIONROCK_SOURCE", "moon", "LIONROCK_SOURCE='moon'"),
        ("LIONROCK_TWIN_SPEED", "0", "LIONROCK_TWIN_SPEED"),
        ("LIONROCK_TWIN_EPOCH", "2026-11-21T08:00:00", "no time zone; give one"),
        ("LIONROCK_TWIN_EPOCH", "2026", "no moment such as"),
        ("LIONROCK_TWIN_EPOCH", "9999-12-31T23:00:00+08:00", "a year from 1990 to 2100"),
        ("LIONROCK_TWIN_EPOCH", "0001-01-01T00:00:00+08:00", "a year from 1990 to 2100"),
        ("LIONROCK_TILES_URL", "https://tiles.example.org/all.png", "no address like"),
        ("LIONROCK_DATA", lionrock.__path__[0] + "/data", "inside the program's own folder"),
        ("LIONROCK_DATA", __file__, "is a file, not a folder"),
        ("LIONROCK_TILES_LOGO", __file__, "is no image file"),
        ("LIONROCK_SERVICES", "/nowhere", "LIONROCK_SERVICES=/nowhere is no folder"),
        ("LIONROCK_PROT", "8000", "LIONROCK_PROT is no setting"),
        ("LIONROCK_BIND", "192.0.2.1", "speaks plain HTTP"),
        ("LIONROCK_TILES_ATTRIBUTION", "", "LIONROCK_TILES_ATTRIBUTION"),
    ],
)
def test_a_bad_setting_is_refused_with_its_name_and_why(name: str, value: str, reason: str) -> None:
    with pytest.raises(BadSetting, match=reason.replace(".", r"\.")):
        read_settings(MAPPED | {name: value})


def test_a_file_that_is_no_toml_is_refused_by_name(tmp_path: Path) -> None:
    file = tmp_path / "broken.toml"
    file.write_text("port = = 1")
    with pytest.raises(BadSetting, match=r"broken\.toml"):
        read_settings({}, file)


def test_every_setting_says_what_it_does() -> None:
    assert [field.name for field in settings_fields() if not field.metadata["about"]] == []
