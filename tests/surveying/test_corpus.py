"""Many trials: in a folder, a line each, compressed, broken."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
from collections.abc import Callable
from pathlib import Path

import pytest

from eligibility.errors import TrialError
from eligibility.surveying.corpus import Corpus

RECORDS = [{"nct_id": f"NCT0000000{number}", "criteria": "Inclusion Criteria:\n* Gout"} for number in range(3)]
LINES = "".join(json.dumps(record) + "\n" for record in RECORDS).encode()


def places(corpus: Corpus) -> list[tuple[str, str]]:
    return [(entry.place, entry.why) for entry in corpus.entries()]


@pytest.mark.parametrize("pack", [bytes, gzip.compress, lzma.compress, bz2.compress])
@pytest.mark.parametrize("name", ["trials.jsonl", "trials.txt"])
def test_a_record_a_line_however_it_is_compressed(tmp_path: Path, pack: Callable[[bytes], bytes], name: str) -> None:
    place = tmp_path / name
    place.write_bytes(pack(LINES))
    corpus = Corpus(str(place))
    found = list(corpus.entries())
    assert [json.loads(entry.raw) for entry in found] == RECORDS
    assert [entry.place for entry in found] == ["line 1", "line 2", "line 3"]
    assert corpus.position == corpus.size() == place.stat().st_size
    assert list(corpus.entries()) == found
    assert list(Corpus("-", io.BytesIO(pack(LINES))).entries()) == found


def test_blank_lines_count_as_lines_only(tmp_path: Path) -> None:
    place = tmp_path / "trials.jsonl"
    place.write_bytes(b"\n" + LINES.replace(b"\n", b"\n \n", 1))
    assert places(Corpus(str(place))) == [("line 2", ""), ("line 4", ""), ("line 5", "")]


@pytest.mark.parametrize(
    "text",
    [
        "Inclusion Criteria:\n* Gout\n",
        json.dumps(RECORDS[0], indent=1),
        '{"studies": [\n' + json.dumps(RECORDS[0]) + "\n]}",
        "<clinical_study>\n</clinical_study>",
    ],
)
def test_any_other_file_is_one_trial(tmp_path: Path, text: str) -> None:
    place = tmp_path / "trial"
    place.write_text(text)
    (found,) = Corpus(str(place)).entries()
    assert (found.place, found.raw.decode()) == ("trial", text)


def test_a_broken_first_line_is_a_line(tmp_path: Path) -> None:
    place = tmp_path / "trials"
    place.write_bytes(b'{"nct_id": "NCT0000\n' + LINES)
    assert len(places(Corpus(str(place)))) == 4


def test_a_folder_in_one_order_without_what_is_hidden_or_ours(tmp_path: Path) -> None:
    for name in ("b/2.txt", "b/10.txt", "a.json", ".git/config", ".hidden", "c.jsonl", "report.html"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(LINES if name.endswith("jsonl") else b"Gout")
    corpus = Corpus(str(tmp_path), besides=[tmp_path / "report.html"])
    assert [place for place, _ in places(corpus)] == [
        "a.json",
        "c.jsonl:1",
        "c.jsonl:2",
        "c.jsonl:3",
        "b/10.txt",
        "b/2.txt",
    ]
    assert corpus.position == corpus.size()


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress, bz2.compress])
def test_a_file_that_was_cut_off_is_named(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    (tmp_path / "1.jsonl").write_bytes(pack(LINES * 2000)[:-60])
    (tmp_path / "2.txt").write_bytes(b"Gout")
    found = places(Corpus(str(tmp_path)))
    assert [place for place, why in found if why] == [found[-2][0]]
    assert "cannot be read" in found[-2][1]
    assert found[-1] == ("2.txt", "")


def test_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(TrialError, match="no such file or folder; expected a folder of trials"):
        Corpus(str(tmp_path / "none"))
    (tmp_path / "empty.jsonl").write_bytes(b"\n")
    assert places(Corpus(str(tmp_path))) == []
    assert places(Corpus("-", io.BytesIO())) == []
