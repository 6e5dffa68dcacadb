from __future__ import annotations

from pathlib import Path

import pytest

from eligibility.errors import ProfileError
from eligibility.patient.loading import parse, read_document

BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10)
)


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        (BOMB, "more than 500000 values", 6),
        ("a: &a [*a]", "what it is part of", 1),
        ("a: 1\nb: 2\na: 3", "the key 'a' is written twice", 3),
        ('{"a": 1,\n "a": 2}', "the key 'a' is written twice", 2),
        ("[" * 5000, "nested deeper", None),
        ('{"a":' * 300_000, "nested deeper", None),
        ("a: !!python/object:os.system x", "a tag with !", 1),
        ('a: "\\e[31m"', "control character", 1),
        ("sex: male\nid: \x1b", "control character", 2),
        ('{"a": "\\u001b"}', "control character", 1),
        ('{"a": NaN}', "finite number", None),
        ('{"a": 1,\n "b" 2}', "this is not JSON", 2),
        ("a: b: c", "this is not YAML", 1),
        ("a: 1\n---\nb: 2", "this is not YAML", 2),
        ("  \n", "the document is empty", None),
        ("base: &b {a: 1}\nc: {<<: *b}", "merging", 2),
    ],
)
def test_refused(text: str, message: str, line: int | None) -> None:
    with pytest.raises(ProfileError, match=message) as caught:
        parse(text)
    assert line is None or caught.value.line == line


def test_words_stay_words() -> None:
    data = parse("a: no\nb: 007\nc: 2026-03-02\nd: 2026\ne: 1.5\nf: true\ng: 12:30\nh: ~").data
    assert data == {"a": "no", "b": "007", "c": "2026-03-02", "d": 2026, "e": 1.5, "f": True, "g": "12:30", "h": None}


def test_the_place_of_values_and_keys(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text('{"a": [1,\n  {"b": 2}]}', encoding="utf-8")
    data, positions = read_document(path)
    assert data == {"a": [1, {"b": 2}]}
    assert positions.at(("a", 1, "b")) == (2, 9)
    assert positions.at(("a", 1, "b"), of_key=True) == (2, 4)
    assert positions.at(("a", 1, "c")) == (2, 3)


def test_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="there is no such file"):
        read_document(tmp_path / "none.yaml")
    with pytest.raises(ProfileError, match="this is a folder"):
        read_document(tmp_path)
    broken = tmp_path / "broken.yaml"
    broken.write_bytes(b"a: 1\nb: \xff")
    with pytest.raises(ProfileError, match="line 2 is not text in UTF-8"):
        read_document(broken)
