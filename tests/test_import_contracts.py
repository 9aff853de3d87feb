import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_imports_keep_the_hexagons_contracts() -> None:
    # In a process of its own: the linter sets up logging and disables every logger.
    code = "import sys; from importlinter.cli import lint_imports as lint; sys.exit("
    code += "lint(no_cache=True, no_logo=True))"
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def test_every_package_of_the_house_is_under_contract() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    roots = project["tool"]["importlinter"]["root_packages"]
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert sorted(roots) == sorted(wheel)
