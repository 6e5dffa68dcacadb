"""Clauses that somebody has to judge: "that, in the investigator's opinion, may increase the risk or affect the data".

Such a clause is one whatever connectives stand in it, as long as each part goes on with an effect, or with what of a
study or a patient it is an effect on. Where a part may begin something else, the clause is left as its words.
"""

from __future__ import annotations

import re
from typing import Final

from eligibility.reading.composing.terms import StatementRead
from eligibility.reading.drafts import Draft
from eligibility.reading.lexing.tokens import JOINTS, Token
from eligibility.reading.patterns import any_word
from eligibility.rules import Statement

__all__ = ["clause_of_judgement_in", "clauses_of_judgement"]

_MODAL: Final = r"(?:would|could|may|might|can|will|(?:is|are)\s+likely\s+to|likely\s+to)"
_DOES: Final = (  # no participle of the past: "impaired renal function" is something else
    r"(?:(?:interfer|preclud|compromis|jeopardi[sz]|complicat|influenc|endanger|impede?|bias|exacerbat|mak|plac|increas"
    r"|prohibit|disqualif|undermin|prevent|limit|impair|affect|confound|hinder|render|alter|obscur|hamper|restrict|mask"
    r"|threaten|put|pos|contraindicat|impact|caus|constitut|invalidat)(?:es|e|s|ing|y|ies|ting)?)\b"
)
_BY_WHOM: Final = (
    r"(?:(?:in|per|by|at|as|according\s+to|based\s+on)\s+(?:[\w'’]+\s+){0,6}?"
    r"(?:investigator|physician|clinician|sponsor|pi|doctor|researcher|team)s?(?:['’]s?)?(?:\s+or\s+sponsor)?"
    r"(?:\s+(?:opinion|judge?ment|discretion|view|assessment))?"
    r"|(?:the\s+)?(?:[\w-]+\s+){0,2}?(?:investigator|physician|clinician|doctor|researcher)s?\s+"
    r"(?:feels?|believes?|considers?|judges?|determines?|thinks?|deems?)(?:\s+that)?(?:\s+(?:it|they|this))?)"
)
_OPENS: Final = re.compile(
    rf"(?:(?:that|which|who)\b\s*,?\s*(?:{_BY_WHOM}\s*,?\s*)?(?:{_MODAL}\s+(?:\w+ly\s+)?|(?:\w+ly\s+)?(?={_DOES}))"
    rf"|(?:likely\s+to|potentially)\s+(?={_DOES})"
    r"|(?:giving|(?:that|which)\s+gives?)\s+(?:a\s+)?(?:reasonable\s+)?(?=suspicion\s+of\b))",
    re.IGNORECASE,
)
_OPENING: Final = frozenset("twlpgTWLPG")  # the letters that they begin with
_EFFECT: Final = re.compile(  # near its beginning it says what the effect is
    rf"(?:(?:not\s+|either\s+|have\s+|(?:\(?i\)|a\))\s*|be\s+|the\s+|an?\s+|is\s+|it\s+)*(?:\w+ly\s+)?(?:{_DOES}|(?:unsafe|unsuitable|inappropriate|undesirable|unacceptable|risk|"
    r"suspicion\s+of|associated\s+with\s+(?:an?\s+)?(?:unacceptable|increased|undue|high)|adverse(?:ly)?|lead\s+to|result\s+in)\b))",
    re.IGNORECASE,
)
DISTURBED: Final = (
    r"safety|efficacy|tolerability|tolerance|compliance|adherence|conduct|interpretation|evaluation|assessments?"
    r"|administration|participation|results?|outcomes?|data|analys[ie]s|integrity|validity|ability|completion"
    r"|follow[ -]?up|procedures?|well-?being|absorption|metabolism|distribution|excretion|endpoints?|cooperation"
)
"""What of a study, or of taking part in one, something may disturb, as alternatives of a pattern."""

_OF_A_STUDY: Final = (
    rf"(?:{DISTURBED}|stud(?:y|ies)|trial|protocol|interpretability|inability|requirements?|rights|elimination|pharmacokinetics?"
    r"|objectives?|monitoring|understanding|(?:self[ -])?evaluation|reliability|accuracy|bioavailability|subject"
    r"|patient|(?:(?:provision|rendering)\s+of\s+)?informed\s+consent(?!\s+(?:not|cannot))|participant|volunteer|investigational|uptake)"
)
_GOES_ON: Final = re.compile(
    rf"(?:also\s+|otherwise\s+|to\s+|\(?(?:i{{1,3}}|[b-d])\)\s*)*(?:{_BY_WHOM}\s*,?\s*)?(?:that\s+|which\s+|who\s+|it\s+|they\s+)?"
    rf"(?:(?:an?\s+)?(?:disease|condition)s?\s+(?:that|which)\s+{_DOES}|{_MODAL}\s|(?:\w+ly\s+)?{_DOES}\s|(?:is|are)\s+not\s+in\s+the\s+best\s+interests?"
    rf"|(?:the\s+|any\s+|their\s+|his\s+or\s+her\s+|his/her\s+|its\s+|of\s+|with\s+|for\s+|in\s+)*"
    rf"(?:(?:healthy\s+)?(?:patient|subject|participant|volunteer)s?['’]s?\s+|full\s+|complete\s+|safe\s+|proper\s+|successful\s+|effective\s+"
    rf"|meaningful\s+|compliant\s+|adequate\s+|accurate\s+)*{_OF_A_STUDY}\b)"
    r"|(?:(?:bone|wound|tissue|fracture)\s+healing|(?:pain|itch|sensory|taste)\s+perception)(?=\s*(?:$|[.;,]|(?:or|and)\b))"
    r"|(?:participat|complet|compl[yi]|adher|attend|follow|undergo|understand|cooperat|provid|giv|perform|consent|tolerat)ing\b"
    r"|(?:[\w/-]+\s+(?:and|or|and/or)\s+){0,2}[\w/-]+\s+(?:administration|dosing|infusions?|injections?|intake|delivery)\b"
    rf"|{_BY_WHOM}\s*(?=$|[.;,])",
    re.IGNORECASE,
)
_ENDS: Final = frozenset("DOT SEMI EXCEPT UNLESS COLON NUMBER MUST MUST_NOT ALLOWED EXCLUDED".split())


def clauses_of_judgement(tokens: list[Token], text: str) -> list[Token]:
    """The tokens with each such clause as one that no phrase takes."""
    if not tokens:
        return tokens
    said = text[tokens[0].start : tokens[-1].end].lower()
    if any(verb in said for verb in _JUDGE) and (whole := _by_somebody(tokens, text)) is not None:
        return whole
    if _HISTORY_OF_IT in said:
        tokens = _as_one(tokens, text, _INTERFERING)
    if "risk" in said and ("%" in said or "percent" in said):
        tokens = _as_one(tokens, text, _PROGNOSIS)
    if "risk" in said and "free" not in said and not _SPARING.isdisjoint([token.type for token in tokens]):
        tokens = _as_one(tokens, text, _SMALL_RISK)
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        begins = tokens[index].type in _RELATIVE and text[tokens[index].start] in _OPENING
        opened = _OPENS.match(text, tokens[index].start) if begins else None
        end = _end(tokens, index, text, opened.end()) if opened is not None else index
        head = _head(found, text, tokens[index].start) if end > index else None
        parted = opened is not None and end > index and _several(tokens[index:end], opened.end())
        if parted or (head is not None and _several(found[head:]) and _of_life(found[head:], text)):
            clause = Token("UNREAD", tokens[index:end], tokens[index].start, tokens[end - 1].end)
            if head is not None:
                clause = _judgement(text, found[head].start, clause.end)
                del found[head:]
            elif found and found[-1].type in ("COMMA", "RPAR"):
                end, clause = index + 1, tokens[index]  # of all that precedes, or of the last
            found.append(clause)
        else:
            end = index + 1
            found.append(tokens[index])
        index = end
    return found


_HISTORY_OF_IT: Final = "natural history"
_INTERFERING: Final = re.compile(
    r"(?:with\s+an?\s+|whose\s+|with\s+)natural\s+history\s+(?:or|and|and/or|/)\s+(?:its\s+|the\s+)?treatment\s+"
    r"(?:that\s+)?(?:(?:does|do|did|may|might|could|would)(?:\s+not)?\s+(?:have\s+(?:the\s+|a\s+)?potential\s+to\s+)?"
    r"|(?:has|have)\s+(?:the\s+|a\s+|no\s+)?potential\s+to\s+)"
    r"(?:interfere|affect|impact|compromise|confound)\s+(?:with\s+)?(?:(?!(?:are|is|will|may|should|must)\b)[\w/'’-]++,?\s*+)+?"
    r"(?=\s*(?:[.;:()]|$|(?:are|is|will|may|should|must)\b))",
    re.IGNORECASE,
)


_CONSIDERED: Final = (
    r"(?:considered|deemed|judged|felt|thought|believed|estimated|assessed|determined)\s+"
    r"(?:by\s+(?:[\w'’/]+\s+){1,4}?)?(?:to\s+(?:be|have|carry|pose)\s+)?(?:(?:at|of|with|having|as)\s+)?"
)
_SHARE: Final = r"(?:<|≤|=<|<=|less\s+than|below|no\s+more\s+than|at\s+most)\s*(?:an?\s+)?\d{1,2}\s*(?:%|percent)"
_OF_RELAPSE: Final = (
    r"\s+(?:potential\s+|estimated\s+)?risk\s+(?:of|for)\s+(?:disease\s+|cancer\s+|tumou?r\s+)?"
    r"(?:relapse|recurrence|recurring)(?:\s+of\s+(?:that|the|this|their)\s+(?:malignancy|cancer|disease|tumou?r))?"
    r"(?:\s+(?:within|in|over|during|for)\s+(?:the\s+(?:next|following)\s+)?(?:an?\s+)?(?:[\w-]+\s+)?(?:months?|years?))?"
    r"(?:,?\s+(?:according\s+to|by|as\s+determined\s+by)\s+(?:(?:the|their|a)\s+)?(?:[\w'’]+\s+)?(?:physician|investigator))?"
)
_PROGNOSIS: Final = re.compile(  # "considered by their physician to be at less than 30% risk of relapse"
    rf"(?:{_CONSIDERED})?(?:(?:at|with|ha(?:s|ve))\s+)?(?:an?\s+)?{_SHARE}{_OF_RELAPSE}", re.IGNORECASE
)
_SMALL_RISK: Final = re.compile(
    rf"{_CONSIDERED}(?:an?\s+)?(?:very\s+)?(?:low|minimal|negligible|small){_OF_RELAPSE}", re.IGNORECASE
)
_SPARING: Final = frozenset(("EXCEPT", "UNLESS"))


def _as_one(tokens: list[Token], text: str, clause: re.Pattern[str]) -> list[Token]:
    """The tokens with what a disease, or its treatment, may do to the study, or whether it will come back, as one thing
    that somebody judges."""
    said = clause.search(text, tokens[0].start, tokens[-1].end)
    if said is None:
        return tokens
    inside = [i for i, token in enumerate(tokens) if said.start() <= token.start < said.end()]
    if not inside or not inside[0] or tokens[inside[-1]].end > said.end():
        return tokens
    before = [token.type for token in tokens[: inside[0]]]
    if clause is not _INTERFERING and ("DEFINED" in before or before.count("LPAR") > before.count("RPAR")):
        return tokens  # "currently active malignancy (completed therapy, at < 30% risk)" tells which ones are none
    first, end = inside[0], inside[-1] + 1
    return [*tokens[:first], _judgement(text, tokens[first].start, tokens[end - 1].end), *tokens[end:]]


_MOST: Final = 240  # characters before a clause


def _by_somebody(tokens: list[Token], text: str) -> list[Token] | None:
    """A sentence that says no more than that somebody judges so: "any reason that the physician deems unsuitable"."""
    first = next((i for i, t in enumerate(tokens) if t.type not in ("PERSON", "IS", "OTHER_CRITERIA", "DASH")), None)
    last = next((i for i in range(len(tokens), 0, -1) if tokens[i - 1].type not in ("DOT", "SEMI")), 0)
    if first is None or last <= first:
        return None
    start, end = tokens[first].start, tokens[last - 1].end
    if (opinion := _OPINION.fullmatch(text, start, end)) is not None:
        return [*tokens[:first], _judgement(text, opinion.start("said"), end), *tokens[last:]]
    if any(t.type in _CLAUSES for t in tokens[first:last]):
        return None
    if _SOMEBODY_JUDGES.fullmatch(text, start, end) is None:
        return None
    return [*tokens[:first], _judgement(text, start, end), *tokens[last:]]


def _judgement(text: str, start: int, end: int) -> Token:
    draft = Draft(Statement(text=text[start:end], topic="judgement", who="investigator"), start, end)
    return Token("FACT", StatementRead(draft), start, end)


def _head(before: list[Token], text: str, end: int) -> int | None:
    """Where things of any kind begin of which a clause is said, if a sentence says nothing else before it."""
    start = next((i for i, token in enumerate(before) if token.type != "PERSON"), len(before))
    while start < len(before) and before[start].type in ("IS", "NO"):
        start += 1
    if start == len(before) or end - before[start].start > _MOST:
        return None
    kinds = [token.type for token in before[start:]]
    if "CONDITION" in kinds and not {"AND", "OR", "ANDOR", "COMMA", "SLASH"}.intersection(kinds):
        return None  # "a psychiatric disorder that ...": who has none is not concerned
    return start if _ANYTHING.fullmatch(text, before[start].start, end) else None


_OF_LIFE: Final = (
    r"familial|family|social|sociological|psycho-?social|geographic(?:al)?|economic|financial|legal|cultural|educational"
    r"|emotional|behaviou?ral|occupational|personal|logistical"
)
_IS_OF_LIFE: Final = re.compile(_OF_LIFE, re.IGNORECASE)
_WHICH: Final = (
    r"(?:(?:any|some|all|an?|the|such|certain|other|another|of|known|severe|serious|significant|clinically|clinical|medically|"
    r"medical|psychiatric|psychological|psycho-?social|social|mental|physical|surgical|acute|chronic|active|uncontrolled|unstable|"
    r"concurrent|concomitant|intercurrent|pre-?existing|co-?existing|underlying|relevant|important|major|current|prior|past|"
    r"previous|history|presence|evidence|personal|logistical|metabolic|abnormal|additional|systemic|laboratory|lab|"
    rf"examination|exam|ecg|vital\s+sign|unspecified|general|comorbid|{_OF_LIFE}|with|having|has|have|or|and|and/or)[\s,/]+)*"
)
_THING: Final = (
    rf"{_WHICH}(?:(?:conditions?|illness(?:es)?|diseases?|disorders?|circumstances?|factors?|reasons?|situations?|findings?|"
    r"abnormalit(?:y|ies)|issues?|problems?|co-?morbidit(?:y|ies)|histor(?:y|ies)|therap(?:y|ies)|treatments?|medications?|"
    r"values?|results?|dysfunctions?|impairments?|characteristics?|status|medical\s+histor(?:y|ies))(?:\(s\))?)"
)
_ANYTHING: Final = re.compile(
    rf"{_THING}(?:\s*(?:,\s*(?:or|and|and/or)?|/|or|and|and/or)\s*{_THING})*\s*,?\s*", re.IGNORECASE
)
_JUDGE: Final = ("judge", "deem", "consider", "believ", "think", "feel", "determine", "decide")
_CLAUSES: Final = frozenset("SEMI EXCEPT UNLESS NUMBER MUST MUST_NOT ALLOWED EXCLUDED LE LT GE GT".split())
_SOMEBODY: Final = (
    r"(?:(?:the|a|an|any)\s+)?(?:(?:study|principal|treating|site|responsible|medical|attending)\s+)*"
    r"(?:investigator|physician|clinician|doctor|researcher|surgeon|oncologist|an(?:a)?esthesiologist)(?:s|\(s\))?"
    r"(?:\s+or\s+(?:the\s+)?sponsor)?"
)
_JUDGES: Final = (
    r"(?:(?:do|does|did)\s+not\s+)?(?:judge|deem|consider|believe|think|feel|determine|decide|agree)(?:s|d|t|ed)?"
)
_SOMEBODY_JUDGES: Final = re.compile(
    rf"(?:(?:the\s+)?{_ANYTHING.pattern})?(?:(?:that|which|for\s+which|where|in\s+which|because\s+of\s+which|due\s+to\s+which)\s+)?"
    rf"{_SOMEBODY}\s+{_JUDGES}\b[^<>≤≥=\d]*",
    re.IGNORECASE,
)
_OPINION: Final = re.compile(  # "(in whom) the surgeon does not think that a pressure of > 65 mmHg is acceptable"
    rf"(?:(?:where|(?:for|in)\s+whom|when|if)\s+)?(?P<said>{_SOMEBODY}\s+{_JUDGES}\s+[^,;:.()]*?\s"
    r"(?:is|are|was|were|will\s+be|would\s+be|to\s+be)\s+(?:not\s+)?(?:\w+ly\s+)?"
    r"(?:acceptable|appropriate|inappropriate|unacceptable|suitable|unsuitable|safe|unsafe|feasible|necessary|achievable"
    r"|advisable|desirable|beneficial|indicated|reasonable))",
    re.IGNORECASE,
)
_RELATIVE: Final = frozenset(("THAT", "IS", "MAY", "WORD", "PREP"))


_BEGINS: Final = re.compile(any_word("that", "which", "who", "likely", "giving") + r"\b", re.IGNORECASE)


def clause_of_judgement_in(text: str) -> int | None:
    """Where words behind a name begin that somebody has to judge; None where there are none."""
    for found in _BEGINS.finditer(text):
        opened = _OPENS.match(text, found.start())
        if opened is not None and _EFFECT.match(text, opened.end()) is not None:
            return found.start()
    return None


def _end(tokens: list[Token], index: int, text: str, effect: int) -> int:
    """Where a clause of judgement that begins here, with its effect from there on, ends; the beginning where none does,
    or not all of it goes on."""
    if _EFFECT.match(text, effect) is None:
        return index
    at = index + 1
    while at < len(tokens):
        token = tokens[at]
        if token.type in _ENDS and token.start >= effect:
            break
        if token.type in ("LPAR", "RPAR"):
            return index
        if token.type in JOINTS and token.start >= effect:
            after = next((t for t in tokens[at + 1 :] if t.type not in JOINTS), None)
            if after is None:
                break
            if _GOES_ON.match(text, after.start) is None and not _is_disturbed(tokens, at, text):
                return index
        at += 1
    if at < len(tokens) and tokens[at].type not in ("DOT", "SEMI"):
        return index
    return at


def _is_disturbed(tokens: list[Token], joint: int, text: str) -> bool:
    """Whether a part behind a connective is no more than a function of the body, or an examination, that something may
    disturb: "... or climbing stairs", "... and photographic evaluation of the retina"."""
    start = next(i for i in range(joint, len(tokens)) if tokens[i].type not in JOINTS)
    end = next((i for i in range(start, len(tokens)) if tokens[i].type in JOINTS | _ENDS), len(tokens))
    part = tokens[start:end]
    if not part or any(token.type not in _OF_PLAIN_WORDS for token in part):
        return False
    said = text[part[0].start : part[-1].end]
    return _FUNCTION.fullmatch(_PREPOSITION.split(said, maxsplit=1)[0]) is not None


_PREPOSITION: Final = re.compile(r"\s+(?:of|in|with|by|on|for|to|from|during|at)\b", re.IGNORECASE)
_OF_PLAIN_WORDS: Final = frozenset(
    "WORD ANALYTE TEST_WORD FILLER OF PREP TO IS SITE QUALIFIER ANCHOR WEAK_ANCHOR DIAGNOSIS".split()
)
_FUNCTION: Final = re.compile(
    r"(?:(?!impaired|abnormal|poor|reduced|decreased|inadequate|unable|inability|history|current|prior|active)[\w/'’-]+\s+){0,3}?"
    r"(?:examinations?|exams?|evaluations?|assessments?|testing|tests?|imaging|scans?|scanning|visuali[sz]ation|diagnosis|detection"
    r"|measurements?|monitoring|management|recordings?|MRI|CT|OCT|\w+(?:graphy|gram|scopy|metry)|images?(?:\s+quality)?"
    r"|metabolism|turnover|absorption|distribution|excretion|elimination|motility|secretion|digestion|homeostasis|regulation"
    r"|function(?:ing)?|strength|balance|gait|mobility|movements?|posture|coordination|cognition|memory|attention|mood|speech"
    r"|communication|comprehension|understanding|vision|sight|visual\s+acuity|hearing|sleep|breathing|swallowing|eating|nutrition"
    r"|weight|appetite|walking|standing|sitting|running|driving|reading|writing|speaking|listening|ambulation|exercise|locomotion"
    r"|(?:climbing|using|doing|performing|completing|following|taking|receiving|giving|wearing)\s+[\w-]+(?:\s+[\w-]+)?"
    r"|(?:physical|daily)\s+activit(?:y|ies)|activities|quality\s+of\s+life|hemodynamics|intake|ingestion|transportation)",
    re.IGNORECASE,
)


def _several(tokens: list[Token], start: int = 0) -> bool:
    """Whether connectives stand in them, from there on, by which they would else be parted."""
    return any(token.type in _TAILS or (token.type in JOINTS and token.start >= start) for token in tokens)


def _of_life(tokens: list[Token], text: str) -> bool:
    """Whether they name circumstances of a life besides diseases: "familial, sociological or geographical"."""
    return any(_IS_OF_LIFE.fullmatch(text, token.start, token.end) is not None for token in tokens)


_TAILS: Final = frozenset("FOR DUE_TO IF REGARDLESS INCLUDING DEFINED ABLE UNABLE CONSENT AFTER".split())
