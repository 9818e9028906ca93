"""Models over HTTP: their lives for everybody, decisions for stewards who are signed in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lionrock.app.governing import Shelf, ask_training, find_model, list_models, promote, roll_back
from lionrock.app.house import House
from lionrock.app.model_lives import DecisionEntry, ModelLife, describe_model
from lionrock.app.openapi import API
from lionrock.app.pages.model_charts import draw_errors
from lionrock.app.validation import tell_invalid
from lionrock.app.web.pages import Pages, language_of
from lionrock.app.web.sessions import caller_of, read_change
from lionrock.app.web.sign_in import back_to
from lionrock.core.records.standing import MACHINE, Decision
from lionrock.core.vocabulary import BadInput, Text

STEWARD = "steward"
SOMEBODY = "a person"


class DecisionForm(msgspec.Struct, forbid_unknown_fields=True):
    """What a steward decides: a reason always, a version where one is meant; ``seen`` is which one they saw stand."""

    why: str
    version: str | None = None
    seen: str | None = None
    hold: bool = False
    back: str | None = None


class Lives:
    """The routes of models."""

    def __init__(self, house: House, pages: Pages) -> None:
        self._house, self._pages = house, pages

    @property
    def routes(self) -> list[Route]:
        """Everything that is served here."""
        one = f"{API}/models/{{service}}/{{model}}"
        return [
            Route(f"{API}/models", self.tell_all, methods=["GET"]),
            Route(one, self.tell, methods=["GET"]),
            Route(f"{one}/rollback", self._decide(self._roll_back), methods=["POST"]),
            Route(f"{one}/promote", self._decide(self._promote), methods=["POST"]),
            Route(f"{one}/train", self._decide(self._train), methods=["POST"]),
            Route("/{language}/models/{service}/{model}", self.page, methods=["GET"]),
        ]

    async def tell_all(self, request: Request) -> Response:
        """Every model's life as JSON."""
        names = [f"{service.id}.{model.name}" for service, model in list_models(self._house.catalogue)]
        return _json([await self._life(request, name) for name in names])

    async def tell(self, request: Request) -> Response:
        """One model's life as JSON."""
        return _json(await self._life(request, _named(request)))

    async def page(self, request: Request) -> Response:
        """One model's life as a page."""
        language, name = language_of(request), _named(request)
        life = await self._life(request, name)
        context = {
            "life": msgspec.to_builtins(life),
            "charts": draw_errors(life),
            "api_href": f"{API}/models/{life.service}/{life.model}",
            "steward": STEWARD in caller_of(request).roles,
        }
        return await self._pages.rendered(
            request, "model", language, f"models/{life.service}/{life.model}", life.title, context
        )

    async def _life(self, request: Request, name: str) -> ModelLife:
        service, model = find_model(self._house.catalogue, name)
        now = self._house.clock.now()
        life = await asyncio.to_thread(describe_model, self._house.engine, now, service, model)
        return life if caller_of(request).name else _without_names(life)

    def _decide(self, decide: Callable[[tuple[str, str], DecisionForm, str], Decision]) -> Callable[[Request], Any]:
        async def endpoint(request: Request) -> Response:
            service, model = find_model(self._house.catalogue, _named(request))
            caller, fields = await read_change(request, STEWARD)
            form = _read(fields)
            decision = await asyncio.to_thread(decide, (service.id, model.name), form, caller.name)
            if form.back is None:
                return _json({"what": decision.what.value, "version": decision.version, "stands": decision.stands})
            return back_to(form.back, decision.entry)

        return endpoint

    @property
    def _shelf(self) -> Shelf:
        return Shelf(self._house.engine, self._house.files)

    def _roll_back(self, model: tuple[str, str], form: DecisionForm, by: str) -> Decision:
        at = self._house.clock.now()
        return roll_back(self._shelf, model, form.version, by=by, why=form.why, at=at, held=form.hold, seen=form.seen)

    def _promote(self, model: tuple[str, str], form: DecisionForm, by: str) -> Decision:
        if form.version is None:
            raise BadInput(Text(en="which version?", tc="請選擇版本"), where="version")
        at = self._house.clock.now()
        return promote(self._shelf, model, form.version, by=by, why=form.why, at=at, held=form.hold)

    def _train(self, model: tuple[str, str], form: DecisionForm, by: str) -> Decision:
        return ask_training(self._shelf, model, by=by, why=form.why, at=self._house.clock.now())


def _named(request: Request) -> str:
    return f"{request.path_params['service']}.{request.path_params['model']}"


def _read(fields: dict[str, Any]) -> DecisionForm:
    try:
        return msgspec.convert(
            {name: value for name, value in fields.items() if value != ""}, DecisionForm, strict=False
        )
    except msgspec.ValidationError as error:
        raise tell_invalid(error, DecisionForm) from error


def _without_names(life: ModelLife) -> ModelLife:
    """The register is public: who decided is told to people who are signed in, as in the journal."""

    def unnamed(by: str | None) -> str | None:
        return by if by in (None, MACHINE) else SOMEBODY

    def entry(one: DecisionEntry) -> DecisionEntry:
        return replace(one, by=unnamed(one.by) or SOMEBODY)

    return replace(life, by=unnamed(life.by), decisions=[entry(one) for one in life.decisions])


def _json(value: object) -> Response:
    return Response(msgspec.json.encode(value), media_type="application/json", headers={"Cache-Control": "no-store"})
