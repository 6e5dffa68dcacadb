"""What is counted of what was not read."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from eligibility.rules import Criterion, Sex, Span, Trial, TrialRecord, Unread
from eligibility.surveying.tallies import Tally, tally_of, together
from eligibility.surveying.totals import Totals, read_of


def criterion(text: str, number: int = 0) -> Criterion:
    """A criterion in which what stands in [brackets] was not read, and what stands in {braces} is an open name."""
    plain = ""
    began = 0
    spans: dict[str, list[Span]] = {"]": [], "}": []}
    for sign in text:
        if sign in "[{":
            began = len(plain)
        elif sign in "]}":
            spans[sign].append(Span(start=began, end=len(plain)))
        else:
            plain += sign
    return Criterion(
        id=f"I-{number}-{plain}",
        kind="inclusion",
        text=plain,
        rule=Unread(text=plain, role="unclear"),
        unread=tuple(spans["]"]),
        open=tuple(spans["}"]),
        source=Span(start=0, end=0),
    )


def of(*texts: str, name: str = "NCT00000001") -> Tally:
    criteria = tuple(criterion(text, number) for number, text in enumerate(texts))
    return tally_of(Trial(record=TrialRecord(nct_id=name), criteria=criteria))


def counted(tally: Tally, sort: str) -> dict[str, Sequence[int]]:
    return {c.said: (c.alone, c.criteria, c.trials) for c in tally.counts[sort].values()}  # type: ignore[index]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Gout", Totals(1, 1, 1, 0, 1, 0, 0)),
        ("{Zork} or gout", Totals(1, 1, 0, 0, 3, 0, 1)),
        ("Gout [of old]", Totals(1, 0, 0, 0, 3, 2, 0)),
        ("[of old]", Totals(1, 0, 0, 1, 2, 2, 0)),
        ("Gout [;]", Totals(1, 1, 1, 0, 1, 0, 0)),
        ("", Totals(1, 1, 1, 0, 0, 0, 0)),
    ],
)
def test_a_criterion_is_read_in_full_where_no_word_is_left(text: str, read: Totals) -> None:
    assert read_of(criterion(text)) == read


def test_phrases_are_alike_whatever_their_case_space_numbers_plurals_and_marks() -> None:
    tally = of(
        "Gout [in the 2 last Tumours]",
        "Gout [, in  the\n12.5 last tumor].",
        "Gout [at ≥ 3]",
        "Gout [at >= 40]",
        "Gout [at 3]",
    )
    assert counted(tally, "phrase") == {"in the # last tumours": (2, 2, 1), "at ≥ #": (2, 2, 1), "at #": (1, 1, 1)}


def test_a_phrase_frees_the_criteria_in_which_it_is_all_that_is_not_read() -> None:
    tally = of("Gout [due to age]", "Stroke [due to age], [as shown]", "[due to age] or [due to  Age]", "Gout")
    assert counted(tally, "phrase") == {"due to age": (2, 3, 1), "as shown": (0, 1, 1)}


def test_phrases_that_begin_alike_are_counted_together() -> None:
    tally = of("Gout [due to age]", "Gout [(due to a fall)]", "Stroke [due to age], [due to falls]", "Gout [due]")
    assert counted(tally, "start") == {"due to": (3, 3, 1), "due": (1, 1, 1)}
    assert tally.counts["start"]["due to"].example.said == "due to age"


def test_words_are_counted_beside_all_criteria_that_have_them() -> None:
    tally = of("Gout [due to age]", "Stroke due [to] a fall", "Gout due")
    assert counted(tally, "word") == {"due": (0, 1, 1), "to": (1, 2, 1), "age": (0, 1, 1)}
    assert {word: tally.met[word] for word in ("due", "to", "age", "gout")} == {"due": 3, "to": 2, "age": 1, "gout": 2}


def test_an_open_name_stands_alone_only_where_all_was_read() -> None:
    tally = of("{Zork}", "{Zorks} [of old]", "{Zork} or {quux}")
    assert counted(tally, "open") == {"zork": (1, 3, 1), "quux": (0, 1, 1)}


def test_a_repeated_criterion_counts_once_among_the_phrases() -> None:
    one = criterion("Gout [of old]")
    tally = tally_of(Trial(criteria=(one, one)), "line 7")
    assert tally.inclusion.criteria == 2
    assert counted(tally, "phrase") == {"of old": (1, 1, 1)}
    assert tally.counts["phrase"]["of old"].example.trial == "line 7"


def test_what_the_record_adds_counts_for_nothing() -> None:
    field = Criterion(id="I-1", kind="inclusion", text="Sex: female", rule=Sex(sex="female"))
    assert tally_of(Trial(criteria=(field,)))._replace(trials=0, whole=0) == Tally.empty()


def test_the_example_is_where_it_stands_alone() -> None:
    both = together(of("[of old] and [of late]", name="NCT1"), of("Gout [of old] again", name="NCT2"))
    both = together(both, of("Stroke [of old]", name="NCT3"))
    count = both.counts["phrase"]["of old"]
    assert (count.alone, count.criteria, count.trials) == (2, 3, 3)
    assert count.example == ("NCT2", "inclusion", "Gout ", "of old", " again")
    assert (both.trials, both.whole, both.inclusion.criteria) == (3, 0, 3)


def test_a_long_text_is_cut_between_words() -> None:
    count = of(f"{'before ' * 90}[{'unread ' * 90}]{' after' * 90}").counts["phrase"].popitem()[1]
    assert len(count.said) < 170
    assert all(len(part) < 170 for part in count.example)
    assert count.example.before.startswith("… before")
    assert count.example.after.endswith("after …")
