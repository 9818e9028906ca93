"""One typed settings object, from a file and from the environment; a bad one is refused at start.

Every field is a setting: ``port`` is ``port = 8000`` in ``lionrock.toml`` and ``LIONROCK_PORT=8000``
in the environment, which wins. Each says in its metadata what it does.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import msgspec

from lionrock.core.vocabulary import BadSetting, Source

PREFIX = "LIONROCK_"
FILE = "lionrock.toml"
PACKAGE = Path(__file__).resolve().parents[1]
LOGOS = (".png", ".jpg", ".jpeg", ".svg", ".webp")
LARGEST_LOGO_BYTES = 100_000
TILE_PARTS = ("{z}", "{x}", "{y}")
LOOPBACK = ("127.0.0.1", "localhost")
TWIN_YEARS = range(1990, 2101)
TILES = re.compile(r"https?://[\w.-]+(:\d+)?/[^\s;,'\"]*")


def _setting(default: Any, about: str) -> Any:
    return field(default=default, metadata={"about": about})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set. Ranges are part of the types and are checked at start."""

    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] = _setting(8000, "The port of the console and the API.")
    bind: str = _setting("127.0.0.1", "The address to listen on; loopback only, since it speaks plain HTTP.")
    data: Path = _setting(Path("data"), "The folder that keeps everything; each source has its own inside it.")
    source: Source = _setting(Source.TWIN, "Where data come from: twin, live or recording.")
    services: Path | None = _setting(None, "A folder with a city's own services, found by the same scan.")
    twin_seed: Annotated[int, msgspec.Meta(ge=0, le=2**31)] = _setting(852, "The twin's seed: same seed, same city.")
    twin_speed: Annotated[float, msgspec.Meta(gt=0, le=240)] = _setting(1.0, "How many times faster the twin lives.")
    twin_epoch: datetime | None = _setting(None, "When, with its zone, a faster twin begins; now by default.")
    backfill_days: Annotated[int, msgspec.Meta(ge=0, le=60)] = _setting(14, "Past days that an empty store asks for.")
    recent_days: Annotated[int, msgspec.Meta(ge=1, le=60)] = _setting(3, "Days kept in DuckDB before they are sealed.")
    keep_days: Annotated[int, msgspec.Meta(ge=1, le=200_000)] = _setting(
        400, "Days that readings, forecasts and what records were before are kept."
    )
    archive_days: Annotated[int, msgspec.Meta(ge=1)] | None = _setting(
        None, "Days that raw downloads are kept; by default what each feed declares."
    )
    memory_mib: Annotated[int, msgspec.Meta(ge=128)] = _setting(240, "What the readings database may use, in MiB.")
    tiles_url: str = _setting("", "Raster map tiles, {z}/{x}/{y}; none by default, so nothing leaves the machine.")
    tiles_attribution: str = _setting("", "What the tiles' publisher wants written on the map.")
    tiles_logo: Path | None = _setting(
        None, "An image that the tiles' publisher wants shown beside it (docs/tiles.md)."
    )

    def __post_init__(self) -> None:
        self._refuse_useless_folders()
        if self.bind not in LOOPBACK:
            raise BadSetting(
                f"{PREFIX}BIND={self.bind}: Lionrock speaks plain HTTP, so it answers this machine only; "
                "use 127.0.0.1 and, from elsewhere, a tunnel that encrypts and authenticates"
            )
        if self.twin_epoch is not None and self.twin_epoch.tzinfo is None:
            raise BadSetting(
                f"{PREFIX}TWIN_EPOCH={self.twin_epoch.isoformat()} has no time zone; give one, such as "
                f"{self.twin_epoch.isoformat()}+08:00"
            )
        if self.twin_epoch is not None and self.twin_epoch.year not in TWIN_YEARS:
            raise BadSetting(
                f"{PREFIX}TWIN_EPOCH={self.twin_epoch.isoformat()}: the simulated city begins in a year from "
                f"{TWIN_YEARS[0]} to {TWIN_YEARS[-1]}"
            )
        if self.tiles_url and not (
            TILES.fullmatch(self.tiles_url) and all(map(self.tiles_url.__contains__, TILE_PARTS))
        ):
            raise BadSetting(
                f"{PREFIX}TILES_URL={self.tiles_url!r} is no address like https://host/{{z}}/{{x}}/{{y}}.png"
            )
        if self.tiles_url and not self.tiles_attribution:
            raise BadSetting(f"{PREFIX}TILES_URL needs {PREFIX}TILES_ATTRIBUTION: its publisher asks for it")
        if self.tiles_logo is not None:
            _refuse_no_logo(self.tiles_logo)

    def _refuse_useless_folders(self) -> None:
        data = self.data.resolve()
        if data.is_relative_to(PACKAGE):
            raise BadSetting(f"{PREFIX}DATA={self.data} lies inside the program's own folder: choose another")
        first = next(folder for folder in (data, *data.parents) if folder.exists())
        if not first.is_dir():
            raise BadSetting(f"{PREFIX}DATA={self.data}: {first} is a file, not a folder")
        if not os.access(first, os.W_OK | os.X_OK):
            raise BadSetting(f"{PREFIX}DATA={self.data}: nothing can be written in {first}")
        if self.services is not None and not self.services.is_dir():
            raise BadSetting(f"{PREFIX}SERVICES={self.services} is no folder")

    @property
    def home(self) -> Path:
        """The folder of this source's own store."""
        return self.data / self.source


def _refuse_no_logo(file: Path) -> None:
    if file.suffix.lower() not in LOGOS or not file.is_file():
        raise BadSetting(f"{PREFIX}TILES_LOGO={file} is no image file ({', '.join(LOGOS)})")
    if file.stat().st_size > LARGEST_LOGO_BYTES:
        raise BadSetting(f"{PREFIX}TILES_LOGO={file} is larger than {LARGEST_LOGO_BYTES // 1000} kB")


def settings_fields() -> tuple[Field[Any], ...]:
    """Every setting, in order, with its default and its ``about``: what the documentation lists."""
    return fields(Settings)


def read_settings(environment: Mapping[str, str] = os.environ, file: Path | None = None, **given: Any) -> Settings:
    """Settings from ``file`` (``lionrock.toml`` here, when it exists), the environment and ``given``, the last winning.

    Raises BadSetting with the name and the reason for an unknown name or an impossible value.
    """
    values = {**_from_file(file), **_from_environment(environment)}
    values.update({name: value for name, value in given.items() if value is not None})
    hints = get_type_hints(Settings, include_extras=True)
    for name, value in values.items():
        values[name] = _converted(name, value, hints)
    return Settings(**values)


def _from_file(file: Path | None) -> dict[str, Any]:
    path = file or Path(FILE)
    if file is None and not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadSetting(f"{path}: {error}") from error


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    return {
        name.removeprefix(PREFIX).lower(): value
        for name, value in environment.items()
        if name.startswith(PREFIX) and value != ""
    }


def _converted(name: str, value: Any, hints: Mapping[str, Any]) -> Any:
    if name not in hints:
        raise BadSetting(f"{PREFIX}{name.upper()} is no setting; known ones: {', '.join(hints)}")
    if isinstance(value, Path | datetime):
        return value
    if hints[name] == datetime | None and isinstance(value, str | int) and str(value).isdecimal():
        raise BadSetting(f"{PREFIX}{name.upper()}={value!r} is no moment such as 2026-09-21T06:00+08:00")
    try:
        return msgspec.convert(value, hints[name], strict=False, dec_hook=_path)
    except msgspec.ValidationError as error:
        raise BadSetting(f"{PREFIX}{name.upper()}={value!r}: {_in_words(str(error))}") from error


def _in_words(error: str) -> str:
    """What msgspec says of a value, for people: they typed no types."""
    for its, ours in (
        ("Expected `int`, got `str`", "not a whole number"),
        ("Expected `float`, got `str`", "not a number"),
    ):
        error = error.replace(its, ours)
    return error


def _path(kind: type, value: Any) -> Any:
    if kind is Path and isinstance(value, str):
        return Path(value)
    raise msgspec.ValidationError(f"{value!r} is no {kind.__name__}")
