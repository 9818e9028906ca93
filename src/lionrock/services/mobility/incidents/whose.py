"""Whose word each is: one incident's own, and with a merge a part of all that this one leads to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from lionrock.services.mobility.incidents.incident import Incident, Message, Origin, Ruling, own_id

Thread = tuple[Origin, str]
Key = tuple[Origin, str, bool]


class Words:
    """The words of incidents that may be merged, one into the other, never in a circle.

    Which incident a word is of is told anew from what stands now, so that a merge that is taken back leaves nothing.
    """

    def __init__(self, incidents: Iterable[Incident], targets: Mapping[str, str]) -> None:
        self._targets = targets
        self._merged: dict[str, list[str]] = {}
        for gone in sorted(targets):
            self._merged.setdefault(targets[gone], []).append(gone)
        known = {incident.id: incident for incident in incidents}
        self._own: dict[str, dict[Key, Message]] = {number: {} for number in known}
        # An incident that is called by a thread has it, whoever else was once told its words.
        self._home: dict[Thread, str] = {
            _thread(message): incident.id
            for incident in known.values()
            for message in incident.messages
            if own_id(message) == incident.id
        }
        for incident in known.values():
            came = {thread for gone in incident.merged if gone in known for thread in known[gone].threads}
            for thread in incident.threads - came:
                self._home.setdefault(thread, incident.id)
        for incident in known.values():
            for message in incident.messages:
                self._own[self._home.get(_thread(message), incident.id)][_key(message)] = message

    def home_of(self, message: Message) -> str | None:
        """The incident whose own the message's thread is; None for a thread that nobody knows."""
        return self._home.get(_thread(message))

    def has(self, message: Message) -> bool:
        """Whether this very message is known, as it is said here."""
        home = self.home_of(message)
        return home is not None and self._own[home].get(_key(message)) == message

    def add(self, home: str, message: Message) -> None:
        """Make the message a word of ``home``'s own, in the place of what its source said before under its number."""
        self._home[_thread(message)] = home
        self._own.setdefault(home, {})[_key(message)] = message

    def open_again(self, given: Iterable[Message]) -> None:
        """Drop the endings that a source, as ``given``, takes back: it says the same message again, and no ending."""
        keys = {_key(message) for message in given}
        for own in self._own.values():
            for origin, number, _ in [key for key in own if key[2] and key not in keys]:
                if (origin, number, False) in keys:
                    del own[origin, number, True]

    def of(self, number: str) -> tuple[Message, ...]:
        """All words of an incident in their order, with those of what was merged into it."""
        return tuple(sorted(self._all_of(number), key=in_order))

    def came_to(self, number: str) -> frozenset[Thread]:
        """The threads that an incident has by merges alone."""
        return frozenset(_thread(each) for gone in self._merged.get(number, ()) for each in self._all_of(gone))

    def target_of(self, number: str) -> str:
        """What an incident was merged into; nothing where that is not known here."""
        into = self._targets.get(number, "")
        return into if into in self._own else ""

    def merged_into(self, number: str) -> tuple[str, ...]:
        """What was merged into an incident itself."""
        return tuple(self._merged.get(number, ()))

    def chain(self, number: str) -> Iterator[str]:
        """The incident, what that was merged into, and so on."""
        while number:
            yield number
            number = self.target_of(number)

    def _all_of(self, number: str) -> Iterator[Message]:
        yield from self._own.get(number, {}).values()
        for gone in self._merged.get(number, ()):
            yield from self._all_of(gone)


def in_order(message: Message) -> tuple[object, ...]:
    """The key by which messages are sorted: as they were said, an ending after what it ends."""
    return message.at, message.closes, message.origin.value, message.id


def merge_targets(ruled: Mapping[str, Ruling]) -> dict[str, str]:
    """What each incident was merged into. Of merges that lead in a circle, which undoing can make, the oldest is void.

    Otherwise each of them would be part of another, and none be shown.
    """
    targets: dict[str, str] = {}
    merges = [(each.merged_at, each.id, each.merged_into) for each in ruled.values() if each.merged_into]
    for _, gone, into in sorted(merges, key=lambda one: (one[0] is not None, one[0], one[1]), reverse=True):
        home = into
        while home in targets:
            home = targets[home]
        if home != gone:
            targets[gone] = into
    return targets


def _thread(message: Message) -> Thread:
    return message.origin, message.thread


def _key(message: Message) -> Key:
    return message.origin, message.id, message.closes
