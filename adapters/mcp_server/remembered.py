"""Answers that were given a moment ago, given again without asking anything."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import orjson
from mcp.server import MCPServer
from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from pydantic import ValidationError

from adapters.mcp_server.arguments import criteria
from adapters.mcp_server.given import GIVEN, Given, as_of, with_age
from adapters.mcp_server.rankings import RANKINGS
from adapters.mcp_server.strictness import tools_of
from application.ports.cache import Cache, Held, Lifetime
from application.recent import Recent
from application.standing import Standing
from domain.errors import VolumeRankingError
from domain.screening import Universe

COLD = timedelta(seconds=2)
"""How long callers share what was answered while the market was still swept."""

MOST_QUESTIONS = 4_000
LONGEST_QUESTION = 2_000
"""Characters of its arguments; a longer one is answered, and not remembered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question whose arguments were found to be in order.

    Attributes:
        words: The tool and every argument, defaults included.
    """

    words: str
    universe: Universe
    session: date | None


class NotKeptError(VolumeRankingError):
    """An answer that nobody is to be given again: the tool said error.

    Attributes:
        result: What it said.
    """

    def __init__(self, result: HandlerResult) -> None:
        super().__init__("the tool said error")
        self.result = result


class Remembered:
    """Middleware: one question on one frame is answered once, however many ask.

    What an answer stands on is part of its key, so one that no longer stands is never
    found. Its age is told anew each time.

    Args:
        cache: Where answers are; None while there is no such place yet.
        standing: What they stand on.
        now: The product's clock.
        lifetime: How long an answer serves.
        version: The product's: two of them on one Redis keep their answers apart.
    """

    def __init__(
        self,
        cache: Callable[[], Cache | None],
        standing: Standing,
        *,
        now: Callable[[], datetime],
        lifetime: Lifetime,
        version: str = "",
    ) -> None:
        self._cache = cache
        self._standing = standing
        self._now = now
        self._lifetime = lifetime
        self._version = version
        self._cold = Lifetime(fresh=COLD, servable=COLD, kept=COLD)
        self._validate: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {}
        self._asked: Recent[bytes, Asked] = Recent(MOST_QUESTIONS)

    def learn(self, server: MCPServer[Any]) -> None:
        """Takes the tools' own checks of their arguments."""
        for tool in tools_of(server):
            if tool.name in RANKINGS:
                self._validate[tool.name] = tool.fn_metadata.validate_arguments

    async def __call__(
        self, ctx: ServerRequestContext[Any, Any], call_next: CallNext
    ) -> HandlerResult:
        """Answers what is known, and passes on the rest."""
        asked = self._question(ctx)
        if asked is None:
            return await call_next(ctx)
        cache = self._cache()
        if cache is None:
            return await call_next(ctx)
        try:
            return await self._given(cache, ctx, call_next, asked)
        except NotKeptError as said:
            return said.result
        except VolumeRankingError:  # nothing stands: the tool says it in its own words
            return await call_next(ctx)

    def _question(self, ctx: ServerRequestContext[Any, Any]) -> Asked | None:
        """The question; None where it is none that is remembered."""
        params = ctx.params or {}
        tool, arguments = params.get("name"), params.get("arguments")
        if ctx.method != "tools/call" or not isinstance(tool, str):
            return None
        arguments = {} if arguments is None else arguments
        if tool not in self._validate or not isinstance(arguments, dict):
            return None  # what is wrong with it is said further in
        try:
            raw = tool.encode() + orjson.dumps(arguments)
        except TypeError:  # numbers that JSON cannot hold: the tool says so
            return None
        known = self._asked.get(raw)
        if known is not None or len(raw) > LONGEST_QUESTION:
            return known
        asked = self._checked(tool, arguments)
        return asked and self._asked.keep(raw, asked)

    def _checked(self, tool: str, arguments: dict[str, Any]) -> Asked | None:
        """The question; None where its arguments are not in order: the tool says so."""
        try:
            given = self._validate[tool](arguments)
            shared = criteria(RANKINGS[tool].model_construct(**given))
        except (ValidationError, VolumeRankingError):
            return None
        words = orjson.dumps(given, option=orjson.OPT_SORT_KEYS, default=str).decode()
        return Asked(
            words=f"{tool}:{words}",
            universe=shared["universe"],
            session=shared["session"],
        )

    async def _given(
        self,
        cache: Cache,
        ctx: ServerRequestContext[Any, Any],
        call_next: CallNext,
        asked: Asked,
    ) -> HandlerResult:
        tool = asked.words.partition(":")[0]
        token = await self._standing.token(tool, asked.universe, asked.session)

        async def load() -> Held[Given]:
            result = await call_next(ctx)
            if not isinstance(result, dict) or result.get("isError"):
                raise NotKeptError(result)
            return Held(value=result, as_of=self._now())

        held = await cache.remember(
            f"answer:{asked.words}:{self._version}:{ctx.protocol_version}:{token}",
            load,
            lifetime=self._lifetime if token else self._cold,
            form=GIVEN,
        )
        seconds = (self._now() - as_of(held.value)).total_seconds()
        return with_age(held.value, max(seconds, 0.0))
