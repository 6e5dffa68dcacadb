"""The real program on a real terminal: a whole call, killed in the middle, and taken up again."""

from __future__ import annotations

import json
import os
import re
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pexpect
import pytest

from eligibility import PatientProfile, screen
from eligibility.calls.keeping import Store
from eligibility.cli.shared import trial_of

CRITERIA = """Inclusion Criteria:

* Age 18 to 65 years
* Asthma
* Able to swallow tablets
* Platelets >= 100 x 10^9/L

Exclusion Criteria:

* Stroke within 6 months
* Pregnancy
* Current use of warfarin
"""
ANSWERS = {  # what is typed to what is asked
    "date of birth": "March 1980",
    "ever had asthma": "1",
    "swallow tablets": "y",
    "ever had a stroke": "y",
    "last have a stroke": "spring 2024",
    "What sex": "1",
    "Are you pregnant": "n",
    "taken warfarin": "3",
}
ASKED = re.compile(r"\d+\. ([^\r\n]*\?)[^\[]*\[[^\]]*\] ")
Spawn = Callable[..., "pexpect.spawn[str]"]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "trial.txt").write_text(CRITERIA, encoding="utf-8")
    return tmp_path


@pytest.fixture
def start(place: Path) -> Iterator[Spawn]:
    started: list[pexpect.spawn[str]] = []

    def start(*arguments: str) -> pexpect.spawn[str]:
        made = pexpect.spawn(
            sys.executable,
            ["-m", "eligibility", *arguments, "--store", str(place / "calls.sqlite")],
            cwd=str(place),
            env={**os.environ, "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"},
            encoding="utf-8",
            dimensions=(60, 160),
            timeout=30,
        )
        started.append(made)
        return made

    yield start
    for one in started:
        one.close(force=True)


def asked(call: pexpect.spawn[str]) -> str:
    call.expect(ASKED)
    match = call.match
    assert isinstance(match, re.Match)
    return str(match[1])


def answer(call: pexpect.spawn[str], question: str) -> None:
    call.sendline(next(typed for words, typed in ANSWERS.items() if words in question))


def test_a_whole_call_killed_in_the_middle_and_resumed(start: Spawn, place: Path) -> None:
    call = start("call", "trial.txt", "--on", "2026-11-01", "--by", "Ana")
    call.expect(r"Call ([0-9a-f]{8})\. Every answer is kept")
    assert isinstance(call.match, re.Match)
    name = call.match[1]
    first = asked(call)
    call.sendline("w")
    call.expect("Asked because it bears on 1 criterion")
    assert asked(call) == first
    call.sendline("n sounds hurried")
    call.expect("Noted")
    asked(call)
    call.sendline("it depends")
    call.expect("expected a day, as .* not 'it depends'")
    asked(call)
    answer(call, first)
    second = asked(call)
    answer(call, second)
    asked(call)
    call.sendline("b")
    assert asked(call) == second
    answer(call, second)
    third = asked(call)
    call.kill(signal.SIGKILL)
    call.wait()

    again = start("calls", "resume", name[:4], "--by", "Bo")
    assert asked(again) == third, "all that was answered is there, and the next question comes"
    answer(again, third)
    rest = [first, second, third]
    while again.expect([ASKED, "nothing is left to ask"]) == 0:
        assert isinstance(again.match, re.Match)
        rest.append(str(again.match[1]))
        answer(again, rest[-1])
    again.expect(rf"eligibility calls show {name}")
    again.expect(pexpect.EOF)
    again.wait()
    assert again.exitstatus == 0
    assert len(rest) == len(set(rest)) == 8

    with Store(place / "calls.sqlite") as store:
        kept = store.read(name)
    assert [one.question.text for one in kept.answers] == rest
    assert {one.by for one in kept.moments} == {"Ana", "Bo"}
    assert kept.end is not None
    assert kept.end.complete
    profile = kept.profile
    assert str(profile.birth_date) == "1980-03"
    assert str(profile.conditions[-1].onset) == "2024-03-01 to 2024-05-31"
    found = screen(trial_of(str(place / "trial.txt")), profile, kept.on)
    assert str(found.status) == "undetermined"
    assert [need.subject for need in found.open["site"]] == ["platelet count"]
    assert set(found.open) == {"site"}

    exported = start("calls", "export", name, "--profile", "--output", "caller.json")
    exported.expect(pexpect.EOF)
    assert PatientProfile.load(place / "caller.json") == profile
    start("calls", "show", name, "--output", "record.json").expect(pexpect.EOF)
    record = json.loads((place / "record.json").read_text(encoding="utf-8"))
    assert record["trials"][0]["outcome"] == "undetermined"
    assert record["to_check"] == {
        "Have it measured at the site": ["platelet count: what is it? (in 10*9/L, within 90 days)"]
    }


def test_ctrl_c_leaves_a_call_that_can_be_taken_up_again(start: Spawn, place: Path) -> None:
    call = start("call", "trial.txt", "--by", "Ana")
    asked(call)
    call.sendline("")
    asked(call)
    call.sendintr()
    call.expect(pexpect.EOF)
    call.wait()
    assert call.exitstatus == 130
    with Store(place / "calls.sqlite") as store:
        (entry,) = store.entries()
    assert (entry.answers, entry.end) == (1, None)
