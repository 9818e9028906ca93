"""A retraining yields a challenger; who stands afterwards is decided on data that neither has seen."""

from __future__ import annotations

import asyncio
import io
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from running_lionrock import wait_for
from tiny import MODEL, NOON, SERVICE, remember
from tiny_decisions import decided, fitted_on, kept
from tiny_model import CODE, fit_that_fails

from lionrock.app.house import House
from lionrock.app.jobs import training
from lionrock.app.jobs.models import Champion, follow, publish_forecast
from lionrock.app.jobs.training import drop_files, fit_again, is_due, train, train_for_ever
from lionrock.core.clock import SetClock
from lionrock.core.records.standing import MACHINE, Decision, Standing, What
from lionrock.core.vocabulary import Text

HALF_A_DAY = timedelta(hours=12)


def trained(house: House) -> Decision:
    return asyncio.run(train(house, SERVICE, MODEL))


def test_the_first_model_stands_once_it_beats_the_baseline_on_a_day_that_it_has_not_seen(house: House) -> None:
    decision = trained(house)
    (version,) = house.trials.list_versions("tiny", "ahead")
    assert (decision.what, decision.stands, decision.by) == (What.PROMOTED, version.version, MACHINE)
    assert version.learned_until == NOON - timedelta(days=1)
    assert version.learned_from == NOON - timedelta(days=10)  # fourteen were asked for, and ten were there
    assert decision.scores["against"]["baseline"]["ratio"] < 1
    assert decision.scores["mae"]["challenger"][1] < decision.scores["mae"]["last_value"][1]
    assert min(decision.scores["cells"]) > 400
    again = fit_again(house, SERVICE, MODEL, version)
    assert version.facts is not None
    assert again == (version.facts.data, version.version)
    assert {"numpy", "python"} <= version.facts.libraries.keys()
    assert version.facts.inputs["missing"] == pytest.approx(0.05, abs=0.02)


def test_a_challenger_that_is_surely_better_takes_the_place_of_a_poor_champion(house: House) -> None:
    poor = kept(house, fitted_on(house, 1.1))  # one noisy day
    decided(house, poor, What.PROMOTED, poor)
    decision = trained(house)
    assert (decision.what, decision.stands) == (What.PROMOTED, decision.version)
    assert decision.version != poor
    assert decision.scores["against"]["champion"]["high"] < 1


def test_noise_promotes_nobody_and_a_restart_keeps_the_standing_champion(house: House, clock: SetClock) -> None:
    good = kept(house, fitted_on(house, 7.5))
    decided(house, good, What.PROMOTED, good)
    decision = trained(house)
    assert (decision.what, decision.stands) == (What.KEPT_BACK, None)
    assert "not surely better" in decision.why.en
    assert house.trials.list_versions("tiny", "ahead")[0].version == decision.version  # the newest
    champion = Champion()
    follow(house, SERVICE, MODEL, champion)
    assert champion.version == good
    assert not is_due(house, SERVICE, MODEL)
    clock.set(NOON + HALF_A_DAY)
    assert is_due(house, SERVICE, MODEL)


def test_a_held_champion_is_replaced_by_no_machine(house: House) -> None:
    poor = kept(house, fitted_on(house, 1.1))
    decided(house, poor, What.ROLLED_BACK, poor, held=True)
    decision = trained(house)
    assert decision.what is What.KEPT_BACK
    assert "Ada holds" in decision.why.en


def unlike_todays() -> bytes:
    """What code of another day fitted and today's takes for its own, until it looks for something that is not there."""
    stream = io.BytesIO()
    np.savez(stream, sensors=np.array(["gauge1"]))
    return CODE + stream.getvalue()


def test_a_champion_of_other_code_may_fail_in_any_way(house: House) -> None:
    old = kept(house, unlike_todays())
    decided(house, old, What.PROMOTED, old)
    assert trained(house).what is What.PROMOTED
    decided(house, old, What.PROMOTED, old)
    champion = Champion()
    follow(house, SERVICE, MODEL, champion)
    assert champion.foreign
    assert publish_forecast(house, SERVICE, MODEL, champion) > 0
    fallen = Standing(house.engine).champion("tiny", "ahead")
    assert fallen is not None
    assert fallen.what is What.UNREADABLE


def test_a_champion_of_todays_code_that_fails_is_a_fault_to_be_told(house: House) -> None:
    champion = Champion(fitted=unlike_todays(), version="x", decision=1)
    decided(house, "x", What.PROMOTED, "x")
    with pytest.raises(KeyError):
        publish_forecast(house, SERVICE, MODEL, champion)


def test_a_champion_of_older_code_cannot_be_read_and_the_challenger_has_only_the_baseline_to_beat(house: House) -> None:
    old = kept(house, b"tiny-0;" + fitted_on(house, 7.5).removeprefix(CODE))
    decided(house, old, What.PROMOTED, old)
    decision = trained(house)
    assert decision.what is What.PROMOTED
    assert "champion" not in decision.scores["mae"]


def test_a_champion_that_cannot_be_read_falls_and_forecasting_goes_on(house: House) -> None:
    old = kept(house, b"tiny-0;")
    decided(house, old, What.PROMOTED, old)
    champion = Champion()
    assert follow(house, SERVICE, MODEL, champion)
    assert publish_forecast(house, SERVICE, MODEL, champion) > 0
    fallen = Standing(house.engine).champion("tiny", "ahead")
    assert fallen is not None
    assert (fallen.what, fallen.stands, fallen.by) == (What.UNREADABLE, "", MACHINE)


def test_a_forecast_that_is_there_already_is_none_that_is_missing(house: House) -> None:
    assert publish_forecast(house, SERVICE, MODEL, Champion()) > 0
    assert publish_forecast(house, SERVICE, MODEL, Champion()) == 0
    nothing = replace(MODEL, predict=lambda _fitted, _seen: [])
    assert publish_forecast(house, SERVICE, nothing, Champion()) is None
    assert is_due(house, SERVICE, MODEL)
    assert house.readings.latest_forecasts("tiny.ahead", "level").models == (("hourly", "untrained"),)


def test_forecasts_carry_the_version_of_the_register_and_follow_a_decision(house: House, clock: SetClock) -> None:
    first, second = kept(house, fitted_on(house, 7)), kept(house, fitted_on(house, 3))
    champion = Champion()
    decided(house, first, What.PROMOTED, first)
    assert follow(house, SERVICE, MODEL, champion)
    publish_forecast(house, SERVICE, MODEL, champion)
    assert not follow(house, SERVICE, MODEL, champion)
    decided(house, first, What.ROLLED_BACK, second)
    assert follow(house, SERVICE, MODEL, champion)
    clock.set(NOON + timedelta(minutes=15))
    publish_forecast(house, SERVICE, MODEL, champion)
    told = house.readings.forecasts("tiny.ahead", "level", NOON - timedelta(days=1), NOON + timedelta(days=1))
    by_issue = {
        int(issued): told.models[int(model)][1] for issued, model in zip(told.issued_at_us, told.model, strict=True)
    }
    assert list(by_issue.values()) == [first, second]


def test_a_person_who_decides_while_a_challenger_is_judged_is_not_overruled(house: House) -> None:
    poor = kept(house, fitted_on(house, 1.1))
    decided(house, poor, What.PROMOTED, poor)
    standing = Standing(house.engine)
    weighed = standing.champion("tiny", "ahead")
    decided(house, poor, What.PROMOTED, poor, by="Grace")
    late = Decision(
        service="tiny",
        model="ahead",
        version="new",
        what=What.PROMOTED,
        stands="new",
        by=MACHINE,
        why=Text(en="better"),
        at=NOON,
    )
    assert not standing.decide_while(weighed, late)
    assert standing.decide_while(standing.champion("tiny", "ahead"), late)


def test_a_version_that_was_rolled_back_is_barred_until_a_person_promotes_it(house: House) -> None:
    bad, good = kept(house, fitted_on(house, 7)), kept(house, fitted_on(house, 3))
    decided(house, bad, What.PROMOTED, bad, by=MACHINE)
    decided(house, bad, What.ROLLED_BACK, good)
    standing = Standing(house.engine)
    assert standing.barred("tiny", "ahead") == {bad}
    decided(house, bad, What.PROMOTED, bad)
    assert standing.barred("tiny", "ahead") == set()


def test_a_question_for_a_training_is_due_until_one_has_ended(house: House) -> None:
    decided(house, "", What.KEPT_BACK, None, by=MACHINE)
    assert not is_due(house, SERVICE, MODEL)
    decided(house, "", What.ASKED, None)
    assert is_due(house, SERVICE, MODEL)
    decided(house, "", What.FAILED, None, by=MACHINE)
    assert not is_due(house, SERVICE, MODEL)


def test_a_short_history_gives_a_quarter_of_itself_to_judge_by(house: House, clock: SetClock) -> None:
    clock.set(NOON + timedelta(days=20))
    remember(house, clock.now() - timedelta(hours=24), clock.now(), seed=5)
    decision = trained(house)
    (version,) = house.trials.list_versions("tiny", "ahead")
    assert version.learned_until == clock.now() - timedelta(hours=6)
    assert decision.scores["blocks"] <= 3


def test_files_of_old_versions_that_never_stood_are_let_go_and_their_descriptions_stay(house: House) -> None:
    versions = [kept(house, CODE + bytes([number]), timedelta(days=-number)) for number in range(20)]
    decided(house, versions[17], What.PROMOTED, versions[17])
    drop_files(house, "tiny", "ahead")
    left = [version for version in versions if house.files.has(f"models/{version}")]
    assert left == [*versions[:14], versions[17]]
    assert len(house.trials.list_versions("tiny", "ahead")) == 20


def test_a_fit_that_fails_is_kept_as_a_decision_and_not_tried_again_at_once(house: House, clock: SetClock) -> None:
    failing = replace(MODEL, fit=fit_that_fails)
    decided(house, "", What.ASKED, None)

    async def until_it_failed() -> None:
        ready = asyncio.Event()
        ready.set()
        job = asyncio.ensure_future(train_for_ever(house, SERVICE, failing, ready=ready))
        await asyncio.to_thread(wait_for, lambda: Standing(house.engine).last_training("tiny", "ahead"))
        job.cancel()

    asyncio.run(until_it_failed())
    last = Standing(house.engine).last_training("tiny", "ahead")
    assert last is not None
    assert last.what is What.FAILED
    assert last.why.en.startswith("ValueError: cannot learn from")
    assert not is_due(house, SERVICE, failing)
    clock.set(NOON + timedelta(hours=1))
    assert is_due(house, SERVICE, failing)


def test_a_training_asked_for_while_one_runs_comes_after_it(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "LOOK_EVERY_S", 0.05)
    failing = replace(MODEL, fit=fit_that_fails)
    decided(house, "", What.ASKED, None)

    def ended() -> int:
        return [one.what for one in Standing(house.engine).list_decisions("tiny", "ahead")].count(What.FAILED)

    async def until_both_failed() -> None:
        ready = asyncio.Event()
        ready.set()
        job = asyncio.ensure_future(train_for_ever(house, SERVICE, failing, ready=ready))
        await asyncio.sleep(0.4)  # a process for the training takes longer to begin
        assert ended() == 0
        decided(house, "", What.ASKED, None)
        await asyncio.to_thread(wait_for, lambda: ended() == 2)
        await asyncio.sleep(0.3)
        job.cancel()

    asyncio.run(until_both_failed())
    assert ended() == 2


HOLD_A_WORKER = """
import os, time
from lionrock.app.jobs.training import training_process
if __name__ == "__main__":
    with training_process() as pool:
        print(pool.submit(os.getpid).result(), flush=True)
        time.sleep(60)
"""


def test_a_worker_ends_with_a_service_that_was_killed(tmp_path: Path) -> None:
    script = tmp_path / "hold.py"
    script.write_text(HOLD_A_WORKER)
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True) as service:
        assert service.stdout is not None
        worker = Path("/proc") / service.stdout.readline().strip()
        assert worker.exists()
        service.kill()
    assert wait_for(lambda: not worker.exists(), within_s=20)
