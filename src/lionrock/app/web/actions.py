"""Actions and the journal over HTTP: forms and programs post, signed-in people read what was done."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Annotated, Any

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from lionrock.app.acting import Done, act, list_actions, tell_entry, undo
from lionrock.app.house import House
from lionrock.app.openapi import API
from lionrock.app.pages.words import words_for
from lionrock.app.validation import tell_invalid
from lionrock.app.web.pages import Pages, asked_of, language_of
from lionrock.app.web.sessions import caller_of, read_change, session_of
from lionrock.app.web.sign_in import back_to
from lionrock.core.manifest import Caller
from lionrock.core.vocabulary import SignedOut, Text

BACK = "back"  # the page that a form wants to see again
LARGEST_NUMBER = 2**63 - 1  # that a database counts to


class JournalQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Which entries: those that touched one record or data set, those older than ``before``."""

    dataset: Annotated[str, msgspec.Meta(max_length=100)] | None = None
    record: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    before: Annotated[int, msgspec.Meta(ge=1, le=LARGEST_NUMBER)] | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=200)] = 50


class Deeds:
    """The routes of acting, undoing and reading the journal."""

    def __init__(self, house: House, pages: Pages) -> None:
        self._house, self._pages = house, pages

    @property
    def routes(self) -> list[Route]:
        """Everything that is served here."""
        return [
            *(
                Route(f"{API}/{path}", self._act(path, action.needs), methods=["POST"])
                for path, (_, action) in list_actions(self._house).items()
            ),
            Route(f"{API}/journal", self.tell, methods=["GET"]),
            Route(f"{API}/journal/{{number:int}}/undo", self.undo, methods=["POST"]),
            Route("/{language}/journal", self.page, methods=["GET"]),
        ]

    def _act(self, path: str, needs: str) -> Callable[[Request], Any]:
        async def endpoint(request: Request) -> Response:
            caller, fields = await read_change(request, needs)
            return await self._do(fields, lambda given: act(self._house, path, given, caller))

        return endpoint

    async def undo(self, request: Request) -> Response:
        """Undo one entry, for who has the role of its action."""
        if session_of(request) is None:
            raise SignedOut(Text(en="sign in first", tc="請先登入"))  # who is signed out learns of no entry
        number = min(request.path_params["number"], LARGEST_NUMBER)
        entry = await asyncio.to_thread(self._house.journal.get, number)
        needs = tell_entry(self._house, entry).undo_needs
        caller, fields = await read_change(request, needs or None)
        return await self._do(fields, lambda given: undo(self._house, number, given, caller))

    async def tell(self, request: Request) -> Response:
        """The journal as JSON."""
        return _json(await self._entries(caller_of(request), request.query_params))

    async def page(self, request: Request) -> Response:
        """The journal as a page; who is signed out is asked to sign in first."""
        language = language_of(request)
        caller = caller_of(request)
        if not caller.name:
            return RedirectResponse(f"/{language}/sign-in?next=/{language}/journal", 303)
        entries = await self._entries(caller, asked_of(request))
        asked = request.query_params
        context = {"entries": entries, "record": asked.get("record", ""), "dataset": asked.get("dataset", "")}
        return await self._pages.rendered(
            request, "journal", language, "journal", words_for(language)["nav.journal"], context
        )

    async def _entries(self, caller: Caller, given: Mapping[str, str]) -> list[Done]:
        if not caller.name:
            raise SignedOut(Text(en="the journal names people: sign in to read it", tc="日誌載有人名：請先登入"))
        try:
            query = msgspec.convert(dict(given), JournalQuery, strict=False)
        except msgspec.ValidationError as error:
            raise tell_invalid(error, JournalQuery) from error
        entries = await asyncio.to_thread(
            self._house.journal.list_entries,
            dataset=query.dataset,
            record=query.record,
            before=query.before,
            limit=query.limit,
        )
        return [tell_entry(self._house, entry) for entry in entries]

    async def _do(self, fields: dict[str, Any], do: Callable[[Mapping[str, Any]], Done]) -> Response:
        """Do it in a thread; a form goes back to its page, a program gets the entry."""
        back = fields.pop(BACK, None)
        done = await asyncio.to_thread(do, fields)
        if back is None:
            return _json(done)
        return back_to(str(back), done.entry)


def _json(value: object) -> Response:
    return Response(msgspec.json.encode(value), media_type="application/json", headers={"Cache-Control": "no-store"})
