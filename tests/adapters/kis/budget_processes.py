"""Several busy processes on one budget, begun together."""

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.conftest import ROOT


@dataclass(frozen=True, kw_only=True)
class Busy:
    """One process: on a folder, or on a Redis when its address is given."""

    name: str = ""
    folder: str = ""
    redis: str = ""
    rate: float = 15.0
    seconds: float = 5.0
    callers: int = 8
    priority: int = 0
    port: int = 0


@dataclass(frozen=True)
class Running:
    """Processes under way."""

    processes: list["subprocess.Popen[str]"]

    def kill(self, index: int) -> None:
        """Ends one without a word."""
        self.processes[index].kill()

    def calls(self) -> list[list[float]]:
        """When each one called; of one that was killed, nothing is known."""
        said = [process.communicate(timeout=60)[0] for process in self.processes]
        return [json.loads(text or "[]") for text in said]


def begin(asked: list[Busy], root: Path = ROOT) -> Running:
    """Starts them all, and lets them go when the last one is there."""
    command = [sys.executable, "-m", "tests.adapters.kis.budget_process"]
    processes = [
        subprocess.Popen(  # noqa: S603
            [*command, json.dumps(asdict(one))],
            cwd=root,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for one in asked
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    return Running(processes)


def in_sum(calls: list[list[float]]) -> tuple[list[float], float]:
    """All calls, and how many a second there were from the first to the last."""
    instants = sorted(at for one in calls for at in one)
    return instants, (len(instants) - 1) / (instants[-1] - instants[0])
