"""The bytes that several memories share."""

import itertools
from typing import Protocol


class Member(Protocol):
    """A memory that lives in a room."""

    def oldest(self) -> int | None:
        """The turn of its least recently used entry; None while it is empty."""
        ...

    def evict(self) -> None:
        """Lets that entry go."""
        ...


class Room:
    """Bounds what all its members hold together; the least recently used goes first.

    Attributes:
        most: Bytes.
        used: Bytes held now, as the members reckon them.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.used = 0
        self._members: list[Member] = []
        self._turns = itertools.count()

    def join(self, member: Member) -> None:
        """From now on its entries may be let go for another's."""
        self._members.append(member)

    def turn(self) -> int:
        """A number above all before, by which members tell old from new."""
        return next(self._turns)

    def settle(self) -> None:
        """Lets entries go until all fit."""
        while self.used > self.most:
            ages = [(member.oldest(), member) for member in self._members]
            held = [(age, member) for age, member in ages if age is not None]
            if not held:
                return
            min(held, key=lambda one: one[0])[1].evict()
