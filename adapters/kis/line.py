"""Who of several processes has the next turn: interactive first, then as they came."""

from dataclasses import dataclass, field

LINGER = 1.0
"""Seconds after its turn at which a process that did not come is forgotten."""


@dataclass(slots=True)
class Waiting:
    """One process that was told to wait.

    Attributes:
        priority: Of its first caller; lower goes first.
        ticket: When it joined, counted.
        until: Gone if not back by then.
    """

    priority: int
    ticket: int
    until: float


@dataclass(slots=True)
class Line:
    """The processes that wait, each one once however many callers it has.

    Attributes:
        tickets: How many were given out.
        waiting: By the process's name.
    """

    tickets: int = 0
    waiting: dict[str, Waiting] = field(default_factory=dict)

    def join(self, name: str, priority: int, now: float) -> int:
        """Puts a process in line, or finds it there; how many are ahead of it."""
        for gone in [one for one, its in self.waiting.items() if its.until < now]:
            del self.waiting[gone]
        mine = self.waiting.get(name)
        if mine is None or mine.priority != priority:
            self.tickets += 1
            mine = Waiting(priority, self.tickets, now)
            self.waiting[name] = mine
        place = (mine.priority, mine.ticket)
        return sum((its.priority, its.ticket) < place for its in self.waiting.values())

    def expect(self, name: str, turn: float) -> None:
        """Its next look is at ``turn``."""
        self.waiting[name].until = turn + LINGER

    def leave(self, name: str) -> None:
        """It has had its turn."""
        self.waiting.pop(name, None)
