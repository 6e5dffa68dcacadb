"""What a coordinator says: the plain words of ``rules/questions.yaml``, and what belongs together in a call."""

from __future__ import annotations

from collections.abc import Container
from typing import Final

from eligibility.knowledge.tables import asking
from eligibility.knowledge.vocabulary import Kind, vocabulary
from eligibility.rules import Concept

__all__ = ["known_to_caller", "plain", "said", "topic_of"]


def said(template: str, name: str = "") -> str:
    """A question: the template of that name, about a concept in plain words; another one where it has none."""
    if name not in asking().lay:
        template = _OF_A_NAME.get(template, template)
    return asking().asked[template].format(name=plain(name))


_OF_A_NAME: Final = {"condition": "told", "event": "told", "drug": "named drug", "allergy": "named allergy"}


def plain(name: str) -> str:
    """A concept in the words of a caller: "high blood pressure"; its own name where there are none."""
    return asking().lay.get(name, name)


def topic_of(kind: Kind, name: str) -> str:
    """What part of a call a disease or a treatment belongs to."""
    if kind != "condition":
        return _TREATMENTS
    kinds = vocabulary().ancestors(kind, name)
    return next((topic for topic, of in asking().topics.items() if not kinds.isdisjoint(of)), _OTHER)


def known_to_caller(kind: Kind, concept: Concept, studied: Container[str] = ()) -> bool:
    """Whether somebody can answer for a disease or a treatment, without a laboratory, a scan or a label.

    ``studied``: the diseases that the trial is about, which its callers know by name.
    """
    name = concept.name
    if name in studied:
        return True
    if name in asking().too_broad.get(kind, ()):
        return False
    entry = vocabulary().entry(kind, name)
    if entry is None or (kind == "treatment" and entry.facts.get("type") == "class" and name not in asking().lay):
        return False
    return vocabulary().ancestors(kind, name).isdisjoint(asking().not_known.get(kind, ()))


_TREATMENTS: Final = "treatments"
_OTHER: Final = "other diseases"
