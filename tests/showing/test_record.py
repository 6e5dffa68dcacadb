from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path

import pytest

from eligibility import PatientProfile, read_trial
from eligibility.calls.events import Stopped
from eligibility.calls.keeping import KeptCall, Moment, Store
from eligibility.showing.record import as_page, record_json, record_of, show_record
from eligibility.showing.terminal import console_for

ON = date(2026, 11, 1)
TRIALS = (
    read_trial("Inclusion Criteria:\n\n* Asthma\n* Platelets >= 100 x 10^9/L\n\nExclusion Criteria:\n\n* Stroke\n"),
    read_trial("Exclusion Criteria:\n\n* Prior pembrolizumab\n* Hemoglobin < 8 g/dL\n"),
)
SAID = {"pembrolizumab": "yes", "stroke": "no", "asthma": "yes, now"}


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[KeptCall]:
    with Store(tmp_path / "calls.sqlite") as store:
        name, call = store.begin(TRIALS, PatientProfile(id="P-1"), by="Ana", on=ON)
        while (found := call.next_question()) is not None:
            if found.question.about == "stroke" and not call.notes:
                call.answer("yes", found.question)
                call.undo()
                call.note("<b>thinks of a spell</b> – unsure", found.question)
            call.answer(SAID[found.question.about], found.question)
        call.stop()
        yield store.read(name)


class Reader(HTMLParser):
    """The text of a page, and whether all that is opened is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.open: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += " ".join(data.split()) + " "


def test_the_page_says_who_said_what_and_what_is_left(kept: KeptCall) -> None:
    page = Reader()
    page.feed(as_page(record_of(kept)))
    assert not page.open
    assert not page.tags & {"b", "script", "link", "img"}
    for words in (
        "Pre-screening call: complete",
        "P-1",
        "Ana",
        "ineligible, lasting",
        "Have you ever taken a drug called pembrolizumab? yes",
        "taken back",
        "Note: <b>thinks of a spell</b> – unsure",
        "platelet count: what is it?",
        "An aid to screening: a person decides.",
    ):
        assert words in page.text, words
    assert "hemoglobin: what is it?" not in page.text.split("For the site to check")[1].split("Inclusion criteria")[0]


def test_the_json_has_the_words_at_each_criterion(kept: KeptCall) -> None:
    made = record_json(record_of(kept))
    first, second = made["trials"]
    assert second["outcome"] == second["outcome_then"] == "ineligible, lasting"
    assert [one["words"] for said in second["said"].values() for one in said] == ["yes"]
    assert {one["words"] for said in first["said"].values() for one in said} == {"no", "yes, now"}
    assert [one["event"] for one in made["events"]].count("taken back") == 1
    assert all(one["at"].endswith("Z") and one["by"] == "Ana" for one in made["events"])
    assert first["screening"]["format"] == "eligibility screening 1"
    assert made["to_check"] == {
        "Have it measured at the site": ["platelet count: what is it? (in 10*9/L, within 90 days)"]
    }


def test_what_the_rules_say_otherwise_today_is_said(kept: KeptCall) -> None:
    end = kept.moments[-1]
    assert isinstance(end.event, Stopped)
    other = Moment(end.number, end.at, end.by, replace(end.event, outcomes=("eligible", "ineligible, lasting")))
    record = record_of(replace(kept, edition="another", moments=(*kept.moments[:-1], other)))
    assert [one.then for one in record.trials] == ["eligible", ""]
    shown = StringIO()
    show_record(record, console_for(shown, width=100))
    for words in (
        "The rules have changed since: this is what they say today.",
        "When the call ended it was: eligible",
        "“yes, now”",
        "(taken back)",
    ):
        assert words in shown.getvalue(), words
    assert "The rules have changed since the call." in as_page(record)
    assert "have changed" not in as_page(record_of(kept))
