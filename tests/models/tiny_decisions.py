"""Versions of the tiny model and decisions about them, made by hand."""

from __future__ import annotations

from datetime import timedelta

import msgspec
from tiny import NOON, gather, measured
from tiny_model import fit, pack

from lionrock.app.house import House
from lionrock.app.jobs.training import version_of
from lionrock.commons.governance.inputs import profile_of
from lionrock.core.records import ModelVersion
from lionrock.core.records.standing import Decision, Standing, What
from lionrock.core.records.trials import ModelFacts
from lionrock.core.vocabulary import Text


def kept(house: House, fitted: bytes, learned_until: timedelta = -timedelta(days=2)) -> str:
    """Keep ``fitted`` as a version that a training made."""
    version = version_of(fitted)
    house.files.put(f"models/{version}", fitted)
    until = NOON + learned_until
    inputs = profile_of([measured(house.cities["tiny"], until - timedelta(days=1), until)])
    house.trials.keep_version(
        ModelVersion(
            service="tiny",
            model="ahead",
            version=version,
            trained_at=until,
            learned_from=until - timedelta(days=7),
            learned_until=until,
            seed=1,
            code="0",
            file=f"models/{version}",
            facts=ModelFacts(data="d", engine="e", libraries={}, inputs=msgspec.to_builtins(inputs)),
        )
    )
    return version


def decided(house: House, version: str, what: What, stands: str | None, by: str = "Ada", *, held: bool = False) -> None:
    Standing(house.engine).decide(
        Decision(
            service="tiny",
            model="ahead",
            version=version,
            what=what,
            stands=stands,
            by=by,
            why=Text(en="a test"),
            at=house.clock.now(),
            held=held,
        )
    )


def fitted_on(house: House, days: float, until: timedelta = -timedelta(days=2)) -> bytes:
    return fit(pack(gather(house.cities["tiny"], NOON + until, timedelta(days=days))))
