"""Names that are put together from listed ones mean what those mean, and only where nothing is added."""

from __future__ import annotations

from typing import cast

import pytest

from eligibility.knowledge import words
from eligibility.knowledge.derived import derived
from eligibility.knowledge.vocabulary import Kind, data_folder, load_yaml, vocabulary
from eligibility.patient.names import name_of


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("imatinib therapy", "treatment", "imatinib"),
        ("Sulfonylurea treatments", "treatment", "sulfonylurea"),
        ("catheter ablation procedure", "treatment", "catheter ablation"),
        ("cornea transplantation", "treatment", "corneal transplantation"),
        ("inflammatory bowel conditions", "condition", "inflammatory bowel disease"),
        ("retina disorder", "condition", "retinal disease"),
        ("alcohol treatment", "treatment", None),
        ("heroin treatment", "treatment", None),
        ("cannabis treatment", "treatment", None),  # of what cannabis does
        ("influenza vaccine therapy", "treatment", None),
        ("peritoneal malignancy", "condition", None),  # may have spread to there
        ("imatinib therapy", "condition", None),
        ("imatinib", "treatment", None),  # listed, not put together
        ("gastro-intestinal surgery", "treatment", "gastrointestinal surgery"),
        ("intra ocular inflammation", "condition", "intraocular inflammation"),
        ("anti-histamines", "treatment", "antihistamine"),
        ("non small cell carcinoma", "condition", None),
        ("post stroke", "condition", None),  # after one, not a kind of it
        ("lapatinib ditosylate", "treatment", "lapatinib"),
        ("irinotecan hydrochloride trihydrate", "treatment", "irinotecan"),
        ("haloperidol decanoate", "treatment", None),  # a depot of it
    ],
)
def test_derived(text: str, kind: str, name: str | None) -> None:
    found = derived(words.keys(text), cast(Kind, kind))
    assert (found and found.name) == name


def test_what_a_name_may_not_stand_behind_is_there() -> None:
    said = load_yaml(data_folder("rules") / "names.yaml")
    names = (*said["not_behind"], *said["not_behind_kinds_of"])
    assert [name for name in names if vocabulary().find(name) is None] == []


def test_a_profile_may_name_a_treatment_so() -> None:
    found = name_of("imatinib therapy", "treatment")
    assert found.own == {"imatinib"}
    assert found.exact
