"""Many trials are read side by side, whatever is among them, and a run that was broken off is continued."""

from __future__ import annotations

import io
import json
import os
import signal
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from eligibility import compiled
from eligibility.errors import EligibilityError
from eligibility.surveying.corpus import Corpus
from eligibility.surveying.ledger import Ledger, Survey
from eligibility.surveying.survey import Progress, run

UNREAD = "zork the glimmering quux by blorting it 7 sideways"


def record(number: int) -> str:
    criteria = (
        f"Inclusion Criteria:\n* Gout\n* {'' if number % 3 else 'Visit '}{UNREAD}\nExclusion Criteria:\n* Stroke\n"
    )
    return json.dumps({"nct_id": f"NCT{number:08}", "title": None, "conditions": ["Gout"], "criteria": criteria})


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """More trials than are given to a process at once."""
    place = tmp_path_factory.mktemp("corpus") / "trials.jsonl"
    place.write_text("".join(f"{record(number)}\n" for number in range(40)))
    return place


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Callable[..., Ledger]]:
    opened: list[Ledger] = []

    def _open(name: str = "a.state", stamp: str = "") -> Ledger:
        while opened:
            opened.pop().close()
        opened.append(Ledger(tmp_path / name, stamp))
        return opened[-1]

    yield _open
    for one in opened:
        one.close()


def surveyed(corpus: Path | Corpus, ledger: Ledger, **options: Any) -> Survey:
    run(corpus if isinstance(corpus, Corpus) else Corpus(str(corpus)), ledger, **{"workers": 1, **options})
    return ledger.survey(10)


@pytest.fixture(scope="module")
def expected(lines: Path, tmp_path_factory: pytest.TempPathFactory) -> Survey:
    one = Ledger(tmp_path_factory.mktemp("state") / "state")
    found = surveyed(lines, one)
    one.close()
    return found


def test_what_is_found(expected: Survey) -> None:
    assert (expected.trials, expected.whole, expected.broken) == (40, 0, 0)
    assert expected.exclusion.criteria == expected.exclusion.whole == 40
    assert expected.inclusion.criteria == 80
    assert [count.criteria for count in expected.phrases[:2]] == [26, 14]
    assert expected.phrases[0].said == UNREAD.replace("7", "#")
    assert expected.phrases[0].example.trial == "NCT00000001"
    assert {unread.criteria for unread, met in expected.words if met == 40} == {40}


def test_as_many_processes_as_one_likes_find_the_same(
    lines: Path, expected: Survey, ledger: Callable[..., Ledger]
) -> None:
    told: list[Progress] = []
    assert surveyed(lines, ledger(), workers=2, tell=told.append) == expected
    assert told[-1] == Progress(40, lines.stat().st_size)


class _Broken(Exception):
    """Ends a run."""


def breaking(at: int) -> Callable[[Progress], None]:
    def tell(progress: Progress) -> None:
        if progress.trials >= at:
            raise _Broken

    return tell


def test_a_run_that_was_broken_off_is_continued(lines: Path, expected: Survey, ledger: Callable[..., Ledger]) -> None:
    notes: list[str] = []
    for _ in range(2):
        with pytest.raises(_Broken):
            surveyed(lines, ledger(), pause=0, tell=breaking(16), note=notes.append)
    assert 16 <= ledger().trials < 40
    assert surveyed(lines, ledger(), note=notes.append) == expected
    assert all("going on after" in note for note in notes)
    assert len(notes) == 2
    read = Corpus(str(lines))
    assert surveyed(read, ledger(), tell=breaking(0)) == expected  # nothing is left to be read


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not forked here")
def test_a_run_that_was_killed_is_continued(
    lines: Path, expected: Survey, ledger: Callable[..., Ledger], tmp_path: Path
) -> None:
    child = os.fork()
    if not child:
        run(
            Corpus(str(lines)),
            Ledger(tmp_path / "a.state"),
            workers=1,
            pause=0,
            tell=lambda progress: os.kill(os.getpid(), signal.SIGKILL) if progress.trials > 16 else None,
        )
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    assert 16 <= ledger().trials < 40
    assert surveyed(lines, ledger()) == expected


def test_new_trials_at_the_end_are_all_that_is_read(tmp_path: Path, ledger: Callable[..., Ledger]) -> None:
    place = tmp_path / "trials.jsonl"
    place.write_text(record(1) + "\n")
    surveyed(place, ledger())
    place.write_text(f"{record(1)}\n{record(2)}\n")
    notes: list[str] = []
    assert surveyed(place, ledger(), note=notes.append).trials == 2
    assert notes == ["an earlier run has read 1 of the trials; going on after them"]


def test_tallies_of_other_trials_or_of_another_version_are_not_continued(
    tmp_path: Path, ledger: Callable[..., Ledger]
) -> None:
    place = tmp_path / "trials.jsonl"
    notes: list[str] = []
    for text, stamp, said in (
        (record(1), "1", ""),
        (record(2), "1", "corpus has changed"),
        (record(2), "2", "program"),
    ):
        place.write_text(text + "\n")
        assert surveyed(place, ledger(stamp=stamp), note=notes.append).trials == 1
        assert said in "".join(notes[-1:])
    assert len(notes) == 2


def test_standard_input_is_read_from_its_beginning(
    expected: Survey, lines: Path, ledger: Callable[..., Ledger]
) -> None:
    for _ in range(2):
        assert surveyed(Corpus("-", io.BytesIO(lines.read_bytes())), ledger()) == expected


def test_whatever_is_no_trial_is_counted_and_named(tmp_path: Path, ledger: Callable[..., Ledger]) -> None:
    study = json.loads(record(3))
    (tmp_path / "1.jsonl").write_text(
        "\n".join([record(1), '{"nct_id": "NCT0', "[1]", '{"nct_id": "NCT1", "criteria": null}', record(2)])
    )
    (tmp_path / "2.json").write_text(json.dumps({"studies": [study, {"title": "x"}, study]}, indent=1))
    (tmp_path / "3.pdf").write_bytes(b"%PDF-1.7")
    (tmp_path / "4.txt").write_text("Inclusion Criteria:\n* Gout\n")
    found = surveyed(tmp_path, ledger("../state"))
    assert (found.trials, found.broken) == (5, 5)
    assert [place for place, _ in found.places] == ["1.jsonl:2", "1.jsonl:3", "1.jsonl:4", "2.json, study 2", "3.pdf"]
    for (_, why), words in zip(found.places, ("JSON", "no eligibility", "no criteria", "no trial", "PDF"), strict=True):
        assert words in why
        assert "\n" not in why


@pytest.mark.skipif(compiled.installed(), reason="what is compiled calls its own functions, whatever is put there")
def test_a_fault_at_one_trial_does_not_end_the_run(
    lines: Path, ledger: Callable[..., Ledger], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("x")

    monkeypatch.setattr("eligibility.surveying.survey.trial_of", fails)
    with pytest.raises(
        EligibilityError, match=r"none of its 40 entries is a trial; the first, line 1: a fault .*Runtime"
    ):
        surveyed(lines, ledger())


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "there is no trial in it; expected a folder"), ('{"a": 1}', "no trial in it; line 1: this JSON is no trial")],
)
def test_a_corpus_without_a_trial(tmp_path: Path, ledger: Callable[..., Ledger], text: str, said: str) -> None:
    place = tmp_path / "trials.jsonl"
    place.write_text(text)
    with pytest.raises(EligibilityError, match=said):
        surveyed(place, ledger())


def test_a_file_of_tallies_belongs_to_one_run_and_is_no_other_file(
    tmp_path: Path, ledger: Callable[..., Ledger]
) -> None:
    ledger()
    with pytest.raises(EligibilityError, match="another run"):
        Ledger(tmp_path / "a.state")
    (tmp_path / "b.state").write_text("my own notes" * 100)
    with pytest.raises(EligibilityError, match="another file"):
        ledger("b.state")
    assert (tmp_path / "b.state").read_text() == "my own notes" * 100
    with sqlite3.connect(tmp_path / "c.state") as base:
        base.execute("CREATE TABLE mine (x)")
    with pytest.raises(EligibilityError, match="another program's"):
        ledger("c.state")
    with pytest.raises(EligibilityError, match="cannot be used"):
        ledger("no/a.state")
