"""The report of many trials: the same in a table, on a page and as JSON, closed to whatever a text may contain."""

from __future__ import annotations

import io
from html.parser import HTMLParser
from typing import Any

import pytest
from rich.console import Console

from eligibility.showing.survey import as_json, page, show, watched
from eligibility.showing.terminal import console_for
from eligibility.surveying.ledger import Survey, Word
from eligibility.surveying.survey import Progress
from eligibility.surveying.tallies import Broken, Count, Example
from eligibility.surveying.totals import Totals

EXAMPLE = Example("NCT00000001", "inclusion", "Gout ", "due to <b>12</b> falls", " & \x1b[31mage")
COUNT = Count("due to # falls", 3, 5, 2, EXAMPLE)
FOUND = Survey(
    trials=1234,
    whole=7,
    inclusion=Totals(1000, 500, 400, 100, 9000, 3000, 100),
    exclusion=Totals(),
    distinct={"phrase": 1, "start": 1, "word": 1, "open": 1, "doubt": 1},
    phrases=[COUNT],
    starts=[COUNT._replace(said="due to")],
    words=[Word(COUNT._replace(said="falls"), 8)],
    open=[COUNT._replace(said="zork")],
    doubts=[COUNT._replace(said="a healthy woman would be excluded")],
    broken=12,
    places=[Broken("line 7", "this is not valid <JSON>")],
)
NOTHING = FOUND._replace(phrases=[], starts=[], words=[], open=[], doubts=[], broken=0, places=[])


def table(found: Survey, width: int, encoding: str = "utf-8") -> str:
    raw = io.BytesIO()
    output = io.TextIOWrapper(raw, encoding=encoding)
    show(found, "trials.jsonl", console_for(output, width))
    output.flush()
    return raw.getvalue().decode(encoding)


class Outline(HTMLParser):
    """The elements of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


WORDS = (
    "50.0% of 1,000 criteria", "1,234 trials of trials.jsonl", "40.0%", "10.0%", "66.7%", "due to # falls", "due to …",
    "zork", "healthy woman", "NCT00000001", "line 7", "not valid <JSON>", "11 more",
)  # fmt: skip


@pytest.mark.parametrize("width", [40, 80, 200])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_the_table_says_it_on_any_terminal(width: int, encoding: str) -> None:
    shown = table(FOUND, width, encoding)
    assert max(map(len, shown.splitlines())) <= width
    assert "\x1b" not in shown
    said = " ".join(shown.split())
    for word in WORDS if width == 200 else WORDS[:2]:
        assert (word if encoding == "utf-8" else word.replace("…", "...")) in said
    if width == 200:
        assert "Gout [due to <b>12</b> falls] &" in said
        assert "Gout {due to <b>12</b> falls} &" in said


def test_the_page_is_one_file_without_scripts_and_says_it() -> None:
    html = page(FOUND, "trials.jsonl")
    found = Outline(html)
    for word in WORDS:
        assert word in " ".join(found.words.split())
    tags = [tag for tag, _ in found.tags]
    assert tags.count("h1") == tags.count("main") == 1
    assert not {"script", "link", "img", "b"}.intersection(tags)
    assert all("scope" in attributes for tag, attributes in found.tags if tag == "th")
    ids = [attributes["id"] for _, attributes in found.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = [attributes["href"] for tag, attributes in found.tags if tag == "a"]
    assert targets
    assert all(target and target[1:] in ids for target in targets)
    assert "\x1b" not in html
    assert "@media print" in html


def test_json_says_it() -> None:
    said: dict[str, Any] = as_json(FOUND, "trials.jsonl")
    assert said["trials"] == {"read": 1234, "in_full": 7, "broken": 12}
    assert said["criteria"]["inclusion"] == said["criteria"]["all"]
    assert said["criteria"]["all"]["in_part"] == 400
    (phrase,) = said["phrases"]
    assert (phrase["said"], phrase["alone"], phrase["criteria"], phrase["trials"]) == ("due to # falls", 2, 5, 3)
    assert phrase["example"]["trial"] == "NCT00000001"
    assert said["words"][0]["of"] == 8
    assert said["broken"] == [{"place": "line 7", "why": "this is not valid <JSON>"}]


def test_where_all_was_read_there_is_nothing_to_list() -> None:
    assert "understood" not in table(NOTHING, 200).partition("words read")[2]
    assert Outline(page(NOTHING, "x")).words.count("For example") == 0
    assert as_json(NOTHING, "x")["phrases"] == []


@pytest.mark.parametrize("terminal", [True, False])
def test_there_is_a_bar_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch, terminal: bool) -> None:
    output = io.StringIO()
    made = Console(file=output, force_terminal=terminal, width=100, _environ={"TERM": "xterm"})
    monkeypatch.setattr("eligibility.showing.survey.Console", lambda stderr: made)
    with watched(lambda: 200) as tell:
        tell(Progress(1234, 100))
    assert ("1,234 trials" in output.getvalue()) is terminal
    assert bool(output.getvalue()) is terminal
