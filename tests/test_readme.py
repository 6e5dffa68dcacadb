"""What the README shows is what happens."""

from __future__ import annotations

import doctest
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

README = Path(__file__).parent.parent / "README.md"
TEXT = README.read_text(encoding="utf-8")
FILES = {
    "liver.txt": "Inclusion Criteria:\n\n* AST and ALT ≤ 2.5 x ULN (≤ 5 x ULN in patients with liver metastases)\n",
    "patient.yaml": (
        "as_of: 2026-11-01\nobservations:\n"
        "  - {name: AST, value: 132, unit: U/L, high: 40, date: 2026-10-25}\n"
        "  - {name: ALT, value: 88, unit: U/L, high: 40, date: 2026-10-25}\n"
    ),
}
FILES["trials.jsonl"] = '{"nct_id": "NCT00000001", "criteria": "Inclusion Criteria: Gout due to an unkind uncle"}\n'
FILES["gout.txt"] = "Inclusion Criteria:\n\n* Gout\n\nExclusion Criteria:\n\n* Stroke within 6 months\n"
FILES["after.yaml"] = FILES["patient.yaml"] + "conditions: [{name: liver metastases, onset: 2026-08-01}]\n"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def shown(place: Path, command: str) -> str:
    """What a command line prints; ``eligibility`` is that of this interpreter."""
    assert command.split(maxsplit=1)[0] in ("eligibility", "echo"), command
    done = subprocess.run(
        ["bash", "-c", f'eligibility() {{ {shlex.quote(sys.executable)} -m eligibility "$@"; }}; {command}'],
        cwd=place,
        capture_output=True,
        env={**os.environ, "COLUMNS": "80", "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1"},
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return "\n".join(line.rstrip() for line in done.stdout.decode().splitlines()).strip("\n")


BLOCKS = re.findall(r"```console\n\$ (.*)\n((?:.*\n)*?)```", TEXT)


@pytest.mark.parametrize("command", [command for command, _ in BLOCKS])
def test_what_is_printed(place: Path, command: str) -> None:
    assert shown(place, command) == dict(BLOCKS)[command].strip("\n")


def test_the_commands_run_in_their_order(place: Path) -> None:
    assert "Now try" in shown(place, "eligibility example")
    for block in re.findall(r"```sh\n((?:(?!python3).*\n)*?)```", TEXT):
        for command in block.strip().splitlines():
            shown(place, command)
    assert "Dr. Ortiz" in shown(
        place, "eligibility screen example/trial.txt example/patient.yaml --overrides settled.yaml"
    )


def test_the_profile_is_taken(place: Path) -> None:
    (place / "own.yaml").write_text(re.findall(r"```yaml\n(.*?)```", TEXT, re.S)[0], encoding="utf-8")
    assert shown(place, "eligibility screen liver.txt own.yaml --on 2026-11-15")


def test_the_python_is_what_it_prints() -> None:
    failed, tried = doctest.testfile(str(README), module_relative=False, encoding="utf-8")
    assert tried
    assert not failed
