"""A further sentence that was not understood, and only spares somebody: whom it lets in, what it allows.

Under Exclusion it can only narrow what stands before it, under Inclusion only widen it. What it allows on a condition
is forbidden without it, so that it says nothing only of those who have nothing of what it names.
"""

from __future__ import annotations

import re
from typing import Final

from eligibility.knowledge.vocabulary import Entry
from eligibility.reading.composing.lengths import is_measured
from eligibility.reading.context import Context
from eligibility.reading.drafts import Draft, all_of, ambiguous, any_of, conditional, excluding_nobody, negated, unread
from eligibility.reading.lexer import tokenize
from eligibility.reading.patterns import AT_MOST, PERSONS
from eligibility.rules import Concept, Condition, Constant, Rule, Statement, Treatment, Unread

__all__ = [
    "NOT_UNDERSTOOD",
    "begins_at",
    "permission_by_itself",
    "permitted_in_words",
    "sentence_end",
    "with_what_it_spares",
]

NOT_UNDERSTOOD: Final = "a further sentence that was not understood"
_FOR_WHOM: Final = "a permission, of which only an answer tells for whom it is"


def with_what_it_spares(first: Draft, second: Draft, context: Context) -> Draft | None:
    """A sentence with the one behind it that spares somebody; None where that may do anything else."""
    made = _with_words_that_spare(first, second, context)
    if not any(isinstance(leaf.rule, Unread) for leaf in second.innermost()):
        return made
    forbidding = context.exclusion and not first.requirement
    begins, ends = begins_at(context.text, second), sentence_end(context.text, second.end)
    allowed = _IS_ALLOWED_THERE.search(context.text, begins, ends)
    if made is None and not second.wholly_unread and (allowed is None or not _is_left_over(second, allowed)):
        return None
    merely = made is not None and made.rule.kind in ("all", "any")
    permitted = permitted_in_words(first, begins, ends, context, forbidding=forbidding, merely=merely)
    return permitted.asked(first.requirement) if permitted is not None else made


def _with_words_that_spare(first: Draft, second: Draft, context: Context) -> Draft | None:
    """A sentence with the words behind it that were not understood, and that can only spare somebody."""
    forbidding = context.exclusion and not first.requirement
    if second.wholly_unread:
        let_in = _let_in(second, context) if forbidding else None
        if let_in is not None:
            return all_of([first, negated(let_in)])
        if _is_permission(context.text, second):
            return _spared(first, second, forbidding)
    leaves = [leaf.rule for leaf in second.innermost()]
    if any(map(_allows_something, leaves)):
        begins = begins_at(context.text, second)
        if _DENIES_OR_LIMITS.search(context.low, begins, second.end) is None:
            words = unread(context.text, begins, second.end, "narrowing" if forbidding else "widening")
            return _spared(first, words, forbidding).asked(first.requirement)
    if forbidding and any(map(_excludes_nobody, leaves)):
        return all_of([first, unread(context.text, second.start, second.end, "narrowing")])
    if forbidding is context.exclusion and any(isinstance(rule, Unread) for rule in leaves):
        return _permitted_perhaps(first, second, context)
    return None


def _spared(first: Draft, second: Draft, forbidding: bool) -> Draft:
    return all_of([first, second]) if forbidding else any_of([first, second])


def _permitted_perhaps(first: Draft, second: Draft, context: Context) -> Draft | None:
    """A sentence with the one behind it that permits something, of which it is known what it names."""
    begins, ends = begins_at(context.text, second), sentence_end(context.text, second.end)
    permitted = _PERMITTED.search(context.text, begins, ends)
    if permitted is None or not _is_left_over(second, permitted):
        return None
    if _NOT_MERELY_PERMITTED.search(context.text, begins, ends):
        return None
    if not context.exclusion and _MAYBE_DEMANDED.match(context.text, begins, permitted.end()) is not None:
        return None
    words = unread(context.text, second.start, second.end, "narrowing" if context.exclusion else "widening")
    spared = _spared(first, words, context.exclusion)
    named = _named(context.text[begins:ends], second)
    if not named:
        limited = _ON_CONDITION.search(context.text, begins, ends) is not None
        return None if limited else spared.asked(first.requirement)
    words = unread(context.text, second.start, second.end)
    either = ambiguous([all_of([first, words]), any_of([first, words])], NOT_UNDERSTOOD)
    return conditional(any_of(named), either, spared).asked(first.requirement)


def _is_left_over(second: Draft, verb: re.Match[str]) -> bool:
    """Whether a verb stands in words that were not understood."""
    unread_ = [leaf for leaf in second.innermost() if isinstance(leaf.rule, Unread)]
    return any(leaf.start <= verb.start() and verb.end() <= leaf.end for leaf in unread_)


def _named(sentence: str, place: Draft) -> list[Draft]:
    """The diseases and treatments that a sentence names, now or at any time."""
    found: list[Rule] = []
    for token in tokenize(sentence):
        if not isinstance(token.value, Entry) or token.type not in ("CONDITION", "TREATMENT"):
            continue
        concept = Concept(name=token.value.name)
        fact = Condition if token.type == "CONDITION" else Treatment
        found.append(fact(concept=concept, time="ever"))
    return [Draft(rule, place.start, place.end) for rule in dict.fromkeys(found)]


_ALSO: Final = r"(?:(?:also|still|however|only|generally|possibly|potentially|otherwise|considered|deemed|be)\s+)*"
_PERMITTED: Final = re.compile(
    rf"\b(?:(?:is|are|was|were|be|remain|(?:will|would|may|might|can|could|shall|should)\s+be)\s+{_ALSO}(?:allowed|permitted|permissible"
    r"|allowable|eligible|acceptable|accepted)"
    rf"|(?:will|may|might|can|could)\s+{_ALSO}(?:be\s+)?(?:enrolled|enroll|included|entered|enter|recruited|participate|take\s+part|proceed)"
    rf"|(?:may|might|can|could)\s+{_ALSO}(?:be\s+)?(?:approved|continued|continue|used|given|made|waived|received?|undergo|remain|taken?"
    r"|(?:have\s+(?:had|received|undergone))|considered\s+for\s+(?:enrol+ment|inclusion|participation|eligibility)))\b(?!\s+as\b)",
    re.IGNORECASE,
)
_NOT_MERELY_PERMITTED: Final = re.compile(  # forbids as well, or asks, or has an end
    rf"{AT_MOST.pattern}|\b(?:only|unless|until|otherwise|must|should|shall|need\w*|requir\w*|avoid\w*|exclu(?:de[ds]?|ding|sion)|ineligible"
    r"|limited|restricted|prohibited|not\s+(?:be\s+)?(?:allowed|permitted|eligible|acceptable|enrolled|included|before|later|earlier|after|more)"
    r"|cannot|can\s?not|may\s+not|nor|neither|no|none|never|minimum|at\s+least|defined|criteri\w+|counts?|counted|caps?|capped)\b",
    re.IGNORECASE,
)
_MAYBE_DEMANDED: Final = re.compile(  # "patients with A are eligible": and others, or nobody else
    r"(?!.*\b(?:also|still|even|however|nevertheless|remain|exceptions?|without|lacking|unable)\b)"
    r".*\b(?:eligible|enrol\w*|included|entered?|recruited|participate|accepted|take\s+part)$",
    re.IGNORECASE | re.DOTALL,
)
_ON_CONDITION: Final = re.compile(
    r"[\d<>≤≥=]|\b(?:if|provided|as\s+long\s+as|so\s+long\s+as|when|where|after|before|prior|within|following|in\s+case|with|who|whose|that|on)\b",
    re.IGNORECASE,
)


def _let_in(sentence: Draft, context: Context) -> Draft | None:
    """Those whom a sentence that was not understood allows to take part: "Patients who ... are eligible"."""
    start = begins_at(context.text, sentence)
    stop = context.text.find("\n", sentence.end)
    found = _ARE_ELIGIBLE.fullmatch(context.text, start, stop if stop > 0 else len(context.text))
    if found is None or _LIMITS_WHO.search(found["who"]):
        return None
    return unread(context.text, found.start("who"), found.end("who"))


_ARE_ELIGIBLE: Final = re.compile(
    rf"(?:(?:the|these|such|all|however)[\s,]+)*(?:{PERSONS}|those)\s+(?:who|that|with|on)\s+"
    r"(?P<who>[^.;]*?)\s+(?:are|is|will\s+be|would\s+be|remain|may\s+be)\s+(?:still\s+)?"
    r"(?:eligible|allowed|permitted|acceptable|accepted)(?:\s+(?:for|to)\s+(?:the|this|enter|participate|enroll|study|trial|in|be|\s)*)?\W*",
    re.IGNORECASE,
)
_LIMITS_WHO: Final = re.compile(r"\b(?:only|not|unless|except|if|provided|no)\b|\d", re.IGNORECASE)


def _is_permission(text: str, sentence: Draft) -> bool:
    """Whether a sentence that was not understood begins as a permission, so that it can only spare somebody."""
    start = begins_at(text, sentence)
    return _MAY_BE.match(text, start) is not None and not AT_MOST.search(text, start, sentence.end)


_MAY_BE: Final = re.compile(
    rf"(?:(?:the|these|such|all)\s+)?(?:{PERSONS})\s+(?:may|can|could|might)\b(?!\s+(?:not|only)\b)",
    re.IGNORECASE,
)


def _allows_something(rule: Rule) -> bool:
    """Whether words that were not understood are no more than that something is allowed, whatever it is."""
    return isinstance(rule, Unread) and _IS_ALLOWED.fullmatch(rule.text.strip(" .")) is not None


_IS_ALLOWED: Final = re.compile(
    r"(?:(?:is|are|will\s+be|may\s+be|can\s+be)\s+)?(?:(?:also|still)\s+)?(?:allowed|permitted|eligible|acceptable|not\s+excluded)"
    r"(?:\s+to\s+(?:participate|enroll))?",
    re.IGNORECASE,
)
_DENIES_OR_LIMITS: Final = re.compile(
    r"(?:\A|[;.]\s*)no\s|\bno\s+(?:prior|previous|other|more)\b|\bnot\s+more\b|\bonly\b|\bmust\b"
)


def _excludes_nobody(rule: Rule) -> bool:
    """Whether words that were not understood say that somebody is not excluded."""
    return isinstance(rule, Unread) and _NOT_EXCLUDED.search(rule.text) is not None


_NOT_EXCLUDED: Final = re.compile(r"\bnot\s+(?:be\s+)?(?:excluded|exclusionary|an\s+exclusion)\b", re.IGNORECASE)


def begins_at(text: str, sentence: Draft) -> int:
    """Where a sentence begins, words that are no part of its rule included."""
    before = max(text.rfind(mark, 0, sentence.start) for mark in ".;\n") + 1
    return before + len(text[before:]) - len(text[before:].lstrip())


def sentence_end(text: str, at: int) -> int:
    """Where the sentence ends that ``at`` stands in."""
    found = _END.search(text, at)
    return found.start() if found is not None else len(text)


_END: Final = re.compile(r"[.;\n]")


def permitted_in_words(
    first: Draft, start: int, end: int, context: Context, *, forbidding: bool, merely: bool = False
) -> Draft | None:
    """What a permission makes of what stands before it, where only an answer tells for whom it is: "prior chemotherapy
    for another cancer is allowed if it ended long ago"; None where it may be none, forbids as well, or holds a limit.

    ``forbidding``: what stands before it must not be. ``merely``: the permission lets in, and can do nothing else; one
    on a condition, or with a demand, may keep out somebody who has what it names.
    """
    start += len(context.text[start:end]) - len(context.text[start:end].lstrip(" \n*•·-–"))
    said = context.text[start:end].strip()
    plain = _IS_NO_EXCLUSION.sub("is allowed", said)
    if not _is_permission_alone(plain):
        return None
    holds = Draft(Statement(text=said, topic="circumstance", who="chart"), start, end)
    words = negated(holds) if forbidding else holds
    both, one = all_of([first, words]), any_of([first, words])
    spared = ambiguous([first, both if forbidding else one], _FOR_WHOM)
    either = ambiguous([both, one], _FOR_WHOM)
    if isinstance(first.rule, Constant):  # nothing stands before it
        spared, either = first, ambiguous([first, words], _FOR_WHOM)
    named = _named(said, words)
    if merely:
        return spared
    limited = _DEMANDS if forbidding else _NOT_MERELY_PERMITTED
    if limited.search(plain) or AT_MOST.search(plain):
        return either
    if not forbidding and (_MAYBE_DEMANDED.match(plain) or _COUNTED.search(plain)):
        return either
    if not named and (_OF_THE_SAME.match(plain) if forbidding else not _ON_CONDITION.search(plain)):
        return spared
    return conditional(any_of(named), either, spared) if named else either


def permission_by_itself(sentence: Draft, context: Context) -> Draft | None:
    """A bullet that begins with a permission that was not understood: nobody is kept out by it, but perhaps whoever has
    what it names; None where it may be anything else."""
    begins, ends = begins_at(context.text, sentence), sentence_end(context.text, sentence.end)
    if not sentence.wholly_unread or _PERMITS_FIRST.match(context.text, begins, ends) is None:
        return None
    nobody = excluding_nobody(not context.exclusion, begins, ends)
    return permitted_in_words(nobody, begins, ends, context, forbidding=context.exclusion)


_COUNTED: Final = re.compile(r"\b(?:one|two|three|four|once|twice|single)\b", re.IGNORECASE)
_NO_SUBJECT: Final = (  # what stands in no words that only name what is allowed
    r"\b(?:is|are|was|were|has|have|had|must|should|shall|will|may|can|could|does|do|not|no|any|which|that|who|except\w*"
    r"|exclu\w*|unless|other)\b"
)
_PERMITS_FIRST: Final = re.compile(
    rf"\W*(?:note\W+)?(?:(?:{PERSONS}|those)\s+(?:(?:who|with|whose|on|having|in|receiving|treated|undergoing|previously|taking)\b"
    r"[^.;:]*?(?<!\bwho)(?<!\bthat)(?<!\bwhich)\s(?:are|is|will\s+be|may\s+be|can\s+be)\s+(?:also\s+|still\s+)?"
    r"(?:eligible|allowed|permitted|enrolled|included)\b(?!\s+and\b)|(?:may|can|could)\s+(?:also\s+|still\s+)?"
    r"(?:have|be|continue|receive|remain|take|use|undergo)\b(?!\s+(?:\w+\s+)?no\b))"
    rf"|(?:(?!{_NO_SUBJECT})[^.;:()])+\s(?:(?:is|are|was|were|will\s+be|may\s+be)\s+(?:also\s+|still\s+)?)?(?:allowed|permitted|permissible)"
    r"(?:\s+(?:if|provided|as\s+long|so\s+long|with|within|for|in|during|prior|before|after|when|until|at|per|on|under)\b|\s*$))",
    re.IGNORECASE,
)


def _is_permission_alone(said: str) -> bool:
    """Whether words are one whole sentence that allows something, and neither forbid anything nor hold a limit that a
    chart tells."""
    if len(said.split()) > _MOST_WORDS or any(said.count(a) != said.count(b) for a, b in ("()", "[]")):
        return False
    if _IS_ALLOWED_THERE.search(said) is None or _FORBIDS.search(said) is not None:
        return False
    return not is_measured(said) or all(token.type != "ANALYTE" for token in tokenize(said))


_MOST_WORDS: Final = 60
_OF_THE_SAME: Final = re.compile(  # of those who have what stands before it, and of nothing else
    rf"(?:however|note|but|exceptions?|(?:the|these|such|all|any|in)\b|[\s,:])*(?:{PERSONS}|those|cases?|inclusion|enrol\w*|if|unless|when|allowed"
    r"|permitted|acceptable|may|can|could|is|are|will)\b",
    re.IGNORECASE,
)
_DEMANDS: Final = re.compile(
    r"\b(?:unless|until|otherwise|must|shall|should|need\w*|requir\w*|avoid\w*|limited|restricted|cap(?:s|ped)?)\b",
    re.IGNORECASE,
)
_IS_NO_EXCLUSION: Final = re.compile(
    r"\b(?:(?:is|are|was|were|will|would|does|do|shall)\s+not|need\s+not)\s+(?:necessarily\s+)?(?:be\s+)?(?:considered\s+(?:to\s+be\s+)?)?"
    r"(?:exclude[ds]?|exclusionary|an?\s+exclusion(?:\s+criteri(?:on|a))?|(?:a\s+)?(?:grounds?|reasons?)\s+for\s+exclusion)\b",
    re.IGNORECASE,
)
_ENDS_CLAUSE: Final = (  # "allowed if", no "allowed dose"
    r"\b(?=\s*(?:$|[,;:.()\[\]])|\s+(?:if|when|where|while|for|in|as|on|at|to|by|per|provided|providing|with|without|within|prior|before"
    r"|after|during|until|through|throughout|unless|only|and|but|so|under|after|according|following|regardless|because|once)\b)"
)
_IS_ALLOWED_THERE: Final = re.compile(
    rf"\b(?:(?:allowed|permitted|permissible|allowable|exempt(?:ed)?){_ENDS_CLAUSE}|(?:(?:is|are|was|were|be|remain|considered)\s+)"
    rf"(?:also\s+|still\s+)?(?:acceptable|accepted|okay|ok){_ENDS_CLAUSE}|(?:is|are|was|were|(?<!to\s)be|remain|considered)\s+(?:also\s+|still\s+)?eligible"
    r"(?!\s+(?:for|to)\s+(?!(?:the|this|stud|trial|enrol|enter|particip|inclu|screen|be\b|join)))"
    r"|(?:exceptions?|exemptions?)\s+(?:may|might|can|could)\s+be\s+(?:made|granted|considered)"
    rf"|(?<!that\s)(?<!which\s)(?<!who\s)(?:will|may|might|can|could)\s+{_ALSO}(?:be\s+)?(?:enrolled|enroll|included|entered|enter|recruited"
    r"|participate|take\s+part|continued?|remain|have\s+(?:had|received|undergone)))\b",
    re.IGNORECASE,
)
_FORBIDS: Final = re.compile(
    r"\b(?:can\s?not|(?<!that\s)(?<!which\s)(?<!who\s)(?:may|must|should|shall|can|could|will|would)\s+(?:not|never)|neither|nor|ineligible"
    r"|prohibited|forbidden|disallowed|exclu(?:de[ds]?|ding|sion\w*)"
    r"|not\s+(?:\w+ly\s+)?(?:be\s+|considered\s+)*(?:allowed|permitted|permissible|acceptable|accepted|eligible|enrolled|included)"
    r"|includes?|defined|means)\b|^\W*(?:note\W+)?(?:no|none|not)\b|;|[a-z)]\.\s+[A-Z(]",
    re.IGNORECASE,
)
