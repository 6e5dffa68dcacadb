"""What answers to the segments of a text say of it, whatever the text was read as."""

from __future__ import annotations

import pytest

from eligibility.deciding.pieces import halves, together

# a text, the answers to its pieces, and what they say of it as an inclusion and as an exclusion criterion
SEGMENTS: list[tuple[str, dict[str, bool], bool | None, bool | None]] = [
    ("Outpatient and able to travel", {"outpatient": False}, False, False),
    ("Outpatient and able to travel", {"outpatient": True}, None, None),
    ("Outpatient and able to travel", {"outpatient": True, "unable to travel": False}, True, True),
    # the last word of an answer is not the end of a segment, nor the first its beginning
    ("Outpatient at the site and able to travel", {"outpatient": False}, None, None),
    ("Outpatient and able to travel far", {"able to travel": False}, None, None),
    # words behind "and" that are no clause may share the head, and may be one of two kinds
    ("Moderate and severe disease", {"severe disease": False}, None, None),
    ("Moderate and severe disease", {"moderate": False}, None, None),
    ("History of migraine and stroke", {"history of migraine": False, "stroke": False}, None, None),
    ("Patients with asthma and patients with gout", {"asthma": False}, None, None),
    # a promise is of all that follows, where it is wanted
    ("Agrees to fast and keep a diary", {"agrees to fast": False}, False, None),
    ("Unable to fast and keep a diary", {"unable to fast": False}, None, None),
    # a condition, an exception or a negation outside of the answers may turn them round
    ("Able to fast if asked and able to travel", {"able to travel": False}, None, None),
    ("Able to fast and able to travel unless ill", {"able to fast": False}, None, None),
    ("No patient who is ill and has a stent", {"has a stent": False}, None, None),
    ("No patient who is ill and has a stent", {"patient who is ill": True}, None, None),
    ("Able to fast and able to travel are ineligible", {"able to fast": False}, None, None),
    ("Able to fast and must be able to travel", {"able to fast": False}, False, None),
    ("Able to fast; in addition able to travel and to read", {"to read": False}, None, None),
    ("Able to fast and has no fever", {"able to fast": False}, False, False),
    ("Has no fever and able to fast", {"able to fast": False}, None, None),
    # "or"
    ("Smokes or is unable to fast", {"unable to fast": True}, True, True),
    ("Smokes or is unable to fast", {"smokes": True}, None, None),
    ("Smokes or is unable to fast", {"smokes": False, "unable to fast": False}, False, False),
    ("Patients who smoke or are unable to fast", {"are unable to fast": True}, True, True),
    ("Fit as well as thin or is unable to fast", {"unable to fast": True}, None, None),
    ("Has a tumor that has spread or has bled", {"has bled": True}, None, None),
    ("Has had a fall or has had a fit within a month", {"has had a fall": True}, None, None),
    (
        "Has had a fall or has had a fit within a month",
        {"has had a fall": True, "has had a fit within a month": False},
        None,
        None,
    ),
    ("Mild or moderate disease that bleeds", {"mild": True, "moderate disease that bleeds": False}, None, None),
    ("Men or women older than 12", {"men": True, "women older than 12": False}, None, None),
    ("History or presence of gout", {"history": True, "presence of gout": False}, None, None),
    ("Ill for 2 weeks or 5 days (what is more)", {"ill for 2 weeks": False, "5 days (what is more)": True}, None, None),
    ("Older than 12, ill or is unable to fast", {"is unable to fast": True}, None, None),
    ("Ill (in bed, or in pain) or is unable to fast", {"is unable to fast": True}, True, True),
    ("Adult male or female", {"female": True}, None, None),
    ("Fit to walk with or without an aid", {"without an aid": True}, None, None),
    # what is no sentence decides nothing
    ("Is fat and, or with is tall", {"is fat": False, "is tall": False}, None, None),
    # both readings of "and" beside "or"
    ("Is fat or is tall and is old", {"is fat": True}, None, None),
    ("Is fat or is tall and is old", {"is fat": True, "is old": True}, True, True),
    ("Is fat or is tall and is old", {"is old": False}, None, None),
    ("Is fat, is tall or round, and is old", {"is old": False}, False, False),
    ("Is fat, or is tall and is old", {"is fat": True}, None, None),
    # what only explains does not count, all else in parentheses does
    ("Is fat (e.g. not thin) and is tall", {"is fat": False}, False, False),
    ("Is fat (if a man) and is tall", {"is tall": False}, None, None),
    # answers at odds
    ("Is fat and is tall", {"is fat": False, "is not fat": False}, None, None),
]
HALVES: list[tuple[str, dict[str, bool], bool | None]] = [
    ("Agrees to avoid sun and wear a hat", {"agrees to avoid sun": True, "agrees to wear a hat": True}, True),
    ("Agrees to avoid sun and wear a hat", {"agrees to avoid sun": True, "agrees to wear a hat": False}, False),
    ("Agrees to avoid sun and wear a hat", {"agrees to wear a hat": False}, None),
    ("Agrees to fast and wear a hat or veil", {"agrees to fast": False, "agrees to wear a hat or veil": True}, None),
    ("Severe asthma or gout", {"severe asthma": False, "severe gout": False}, None),
    ("Severe asthma or gout", {"severe gout": True}, True),
    ("History of asthma or gout", {"history of asthma": False, "history of gout": False}, False),
    ("History of asthma or gout", {"history of asthma": True, "history of gout": False}, True),
    ("History of falls or fits in May", {"history of falls": True, "history of fits in May": False}, None),
    ("Unable to read or write", {"able to read": True, "able to write": True}, False),
    ("Unable to read or write", {"unable to read": True, "able to write": True}, None),
    ("Able to read or write if asked", {"able to read": True, "able to write if asked": True}, None),
    ("Able to read or write", {"able to write": True, "unable to write": True}, None),
    ("Agrees to avoid sun and", {"agrees to avoid sun": True}, None),
    ("Plans to move or marry during the study", {"plans to move during the study": True}, True),
    ("Plans to move or marry during the study", {"plans to move during the study": False}, None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "answers", "inclusion", "exclusion"), SEGMENTS)
def test_segments(text: str, answers: dict[str, bool], inclusion: bool | None, exclusion: bool | None) -> None:
    for wanted, expected in ((True, inclusion), (False, exclusion)):
        told = together(text, tuple(answers.items()), begins=True, wanted=wanted)
        assert (told.holds if told else None) is expected


def test_the_head_of_a_piece_may_stand_before_it() -> None:
    answers = (("gout", False),)
    assert together("Gout and is old", answers, begins=True, wanted=True) is not None
    assert together("Gout and is old", answers, begins=False, wanted=True) is None


@pytest.mark.parametrize(("text", "answers", "expected"), HALVES)
def test_halves(text: str, answers: dict[str, bool], expected: bool | None) -> None:
    told = halves(text, tuple(answers.items()), wanted=True)
    assert (told.holds if told else None) is expected
