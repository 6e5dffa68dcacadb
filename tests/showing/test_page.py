"""The page: one file, readable without colours, and closed to whatever a text may contain."""

from __future__ import annotations

from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

import eligibility
from eligibility.deciding.overrides import load_overrides
from eligibility.showing.page import page
from eligibility.showing.report import as_json, report_of

EXAMPLES = Path(eligibility.__file__).parent / "examples"
VOID = {"meta", "br", "link", "img", "input", "hr"}


class Outline(HTMLParser):
    """The elements of a page, and whether each is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.ids: list[str] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


def outline(html: str) -> Outline:
    made = Outline()
    made.feed(html)
    made.close()
    assert not made.open
    return made


@pytest.fixture(scope="module")
def html() -> str:
    trial = eligibility.read_trial(EXAMPLES / "trial.txt")
    profile = eligibility.PatientProfile.load(EXAMPLES / "patient.yaml")
    return page(report_of(eligibility.screen(trial, profile)))


def test_it_is_one_file_without_scripts(html: str) -> None:
    for tag, attributes in outline(html).tags:
        assert tag not in ("script", "link", "img", "iframe")
        assert not [name for name in attributes if name.startswith("on") or name == "src"]
        assert attributes.get("href", "#").startswith("#")
    assert "url(" not in html
    assert "@import" not in html


def test_it_is_structured_for_those_who_do_not_see_it(html: str) -> None:
    found = outline(html)
    tags = [tag for tag, _ in found.tags]
    assert tags.count("h1") == tags.count("main") == tags.count("title") == 1
    assert tags.count("table") == tags.count("caption") == 2
    assert all("scope" in attributes for tag, attributes in found.tags if tag == "th")
    assert len(found.ids) == len(set(found.ids))
    targets = [attributes["href"] for tag, attributes in found.tags if tag == "a"]
    assert targets
    assert all(target and target[1:] in found.ids for target in targets)
    assert dict(found.tags)["html"].get("lang") == "en"


def test_every_verdict_is_a_word_and_prints(html: str) -> None:
    words = outline(html).words
    for word in ("Ineligible for now", "met", "unmet", "unknown", "excludes", "EXAMPLE-1", "2026-11-01"):
        assert word in words
    assert "@media print" in html


def test_every_criterion_stands_there_whole(html: str) -> None:
    words = outline(html).words
    for criterion in eligibility.read_trial(EXAMPLES / "trial.txt").criteria:
        assert criterion.text in words.replace("not understood: ", "")


def test_what_a_text_contains_stays_text() -> None:
    trial = eligibility.read_trial(
        'Inclusion Criteria:\n* <script>alert("x")</script> & diabetes mellitus \x1b[0m\n* </td></table><h1>Eligible\n'
    )
    profile = eligibility.PatientProfile.model_validate({"id": '"><img src=x onerror=alert(1)>', "sex": "female"})
    found = outline(page(report_of(eligibility.screen(trial, profile, on=date(2026, 11, 1)))))
    assert not [tag for tag, _ in found.tags if tag in ("script", "img")]
    assert [tag for tag, _ in found.tags].count("h1") == 1
    assert "\x1b" not in found.words


def test_the_same_criterion_twice_and_arms() -> None:
    trial = eligibility.read_trial("Inclusion Criteria:\n* Age 18 to 75 years\n* ECOG 0 or 1\n* Age 18 to 75 years\n")
    profile = eligibility.PatientProfile.model_validate({"age": 80})
    report = report_of(eligibility.screen(trial, profile, on=date(2026, 11, 1)))
    found = outline(page(report))
    assert len(found.ids) == len(set(found.ids))
    assert as_json(report)["status"] == "ineligible"
    assert as_json(report)["deciding"]


def test_a_person_s_verdict_is_that_person_s(tmp_path: Path) -> None:
    trial = eligibility.read_trial("Exclusion Criteria:\n* Active brain metastases\n")
    place = tmp_path / "settled.json"
    place.write_text(f'{{"{trial.criteria[0].id}": {{"status": "unmet", "by": "R. <Moss>", "why": "MRI"}}}}')
    profile = eligibility.PatientProfile.model_validate({})
    settled = load_overrides(place, trial)
    report = report_of(eligibility.screen(trial, profile, date(2026, 11, 1), settled))
    assert report.decisions[0].effect == "passes"
    assert "R. &lt;Moss&gt;" in page(report)
    assert not report.questions
