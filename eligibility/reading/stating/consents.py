"""Consents: how, when and by whom they are given, and clauses about nothing else."""

from __future__ import annotations

import re
from typing import Final

from eligibility.knowledge.qualifiers import Qualifier
from eligibility.reading.lexing.tokens import Token
from eligibility.reading.patterns import PERSONS

__all__ = [
    "BEFORE_DOING",
    "consent_clause",
    "consents_as_one",
    "is_consent_word",
    "stands_before_consent",
    "without_representatives",
]

BEFORE_DOING: Final = frozenset("PERSON MUST MUST_NOT NOT AND OR ANDOR COMMA SEMI MAY FILLER IS COLON FACT".split())


def stands_before_consent(tokens: list[Token]) -> bool:
    """Whether nothing but what is done with a consent stands before it: "understand and sign the consent form"."""
    end = next((i for i, t in enumerate(tokens) if t.type == "CONSENT"), None)
    return end is not None and all(t.type in _JOINTS_OF_CONSENT or is_consent_word(t) for t in tokens[:end])


_JOINTS_OF_CONSENT: Final = frozenset("AND COMMA FILLER MUST IS SLASH WEAK_ANCHOR".split())


def without_representatives(tokens: list[Token]) -> list[Token]:
    """ "The patient (or legal representative) signs": a consent, whoever gives it for the patient."""
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        run = index
        while run < len(tokens) and tokens[run].type in ("LPAR", "OR", "ANDOR", "SLASH", "FILLER", "PERSON"):
            run += 1
        named = run
        while named < len(tokens) and (
            tokens[named].type == "SOMEBODY_ELSE" or (named > run and _again(tokens, named))
        ):
            named += 1
        joints = {t.type for t in tokens[index:run]}
        person = bool(found) and found[-1].type == "PERSON"
        if person and named > run and joints & {"OR", "ANDOR", "SLASH"}:
            closed = named < len(tokens) and tokens[named].type == "RPAR"
            if ("LPAR" in joints) == closed:
                index = named + closed
                continue
        found.append(tokens[index])
        index += 1
    return found


def _again(tokens: list[Token], index: int) -> bool:
    """Whether an abbreviation of a representative, or a further one, follows: "representative (LAR)"."""
    around = tokens[index : index + 3]
    kinds = [t.type for t in around]
    return (
        kinds[:2] == ["OR", "SOMEBODY_ELSE"]
        or kinds == ["LPAR", "SOMEBODY_ELSE", "RPAR"]
        or (kinds[:1] == ["RPAR"] and tokens[index - 1].type == "SOMEBODY_ELSE" and tokens[index - 2].type == "LPAR")
    )


_TIMES: Final = frozenset("BEFORE AFTER AT_ANCHOR SINCE WITHIN FROM TO FOR_TIME PREP".split())


def consents_as_one(tokens: list[Token], text: str) -> list[Token]:
    """The tokens with every consent as one, and with what is said of how, when and by whom it is given."""
    found = [
        _as_consent(token, tokens[max(i - 2, 0) : i], text) if token.type in ("ANCHOR", "WILLING", "CONSENT") else token
        for i, token in enumerate(tokens)
    ]
    if not any(token.type == "CONSENT" for token in found):
        return found
    found = [_as_given(token, found[:i], found[i + 1 : i + 6]) for i, token in enumerate(found)]
    index = 0
    while index < len(found):
        token = found[index]
        if token.type == "CONSENT" and (tail := _TAIL_OF_CONSENT.match(text, token.end)) is not None:
            end = next((i for i in range(index + 1, len(found)) if found[i].start >= tail.end()), len(found))
            found[index:end] = [Token("CONSENT", token.value, token.start, max(found[end - 1].end, token.end))]
        index += 1
    return found


_STUDY_HERE: Final = (
    r"(?:in|into|on|for)\s+(?:the|this)\s+(?:[\w-]+\s+){0,2}(?:study|trial|protocol|research(?:\s+(?:study|project))?)"
)
_DONE_BY_STUDY: Final = (
    r"(?:procedures?|activit(?:y|ies)|assessments?|evaluations?|tests|testing|screening|enrol\w+|participation|registration"
    r"|randomi[sz]ation|treatments?|therapy|interventions?|sampling|medication|dosing)"
)
_ALL_DONE_BY_STUDY: Final = (
    rf"{_DONE_BY_STUDY}\b(?:\s*(?:,|/|\band/or\b|\band\b|\bor\b)\s*"
    rf"(?:(?:any|other|the|all|first|stud(?:y|ies)|trial|protocol)[\s-]+)*{_DONE_BY_STUDY}\b)*"
)
_TAIL_OF_CONSENT: Final = re.compile(  # how, when and by whom a consent is given: nothing that is asked besides
    r"(?:\s*,?\s*(?:"
    r"\(\s*(?:ICF|IC|consent form)\s*\)|forms?\b|documents?\b|sheets?\b|letters?\b|files?\b"
    r"|electronically\b(?:\s+(?:via|through|using)\s+(?:an?\s+|the\s+)?[\w-]+)?"
    r"|(?:and\s+)?(?:(?:is|was|are|were|has|have|had|must|should|will|to|be|been|being)\s+)*(?:(?:freely|voluntarily|appropriately|properly|duly)\s+)?"
    r"(?:given|obtained|received|available|provided|dated|signed(?:\s+and\s+dated)?|granted|documented)\b"
    rf"|(?:by|from)\s+(?:the\s+|each\s+|all\s+)?(?:{PERSONS})\b(?!['’]|\s*(?:or|and/or|[/(])\b)"
    r"|(?:to|for)\s+(?:stud(?:y|ies)\s+)?(?:participat\w+|take part|taking part|be included|inclusion|enrol\w+)"
    rf"(?:\s+{_STUDY_HERE})?"
    rf"|(?:to|for)\s+(?:(?:the|any|all)\s+)*(?:study|trial|protocol)[\s-]+(?:(?:related|specific|mandated|required)\s+)?{_ALL_DONE_BY_STUDY}"
    r"|(?:and\s+)?(?:prior\s+to|before)\s+(?:(?!and\b|or\b)[\w/-]+\s+){0,8}?"
    rf"(?:{_ALL_DONE_BY_STUDY}|(?:(?:study|trial|protocol)\s+entry|admission\s+(?:in)?to\s+(?:the|this)\s+(?:study|trial)|entering\s+(?:in\s*to\s+|in\s+)?(?:the|this)\s+(?:study|trial))\b)"
    r"(?:\s+or\s+(?:undergoing|performing|having|beginning|starting)\s+(?:any\s+)?(?:study|trial|protocol)[\s-]+"
    r"(?:(?:specific|related|required|mandated)\s+)?(?:procedures?|activit(?:y|ies)|assessments?|tests))?"
    r"(?:\s+(?:is|are|being|is being|are being)\s+(?:performed|conducted|initiated|carried out|done|started))?"
    r"(?:\s+(?:that\s+(?:is|are)\s+)?not\s+(?:(?:a\s+)?part|considered\s+part)\s+of\s+(?:the\s+)?"
    r"(?:standard|routine|normal|usual)\s+"
    r"(?:of\s+|medical\s+|clinical\s+|patient\s+|subject\s+)*(?:care|practice))?"
    r"|explained\s+to\s*,?\s*(?:and\s+)?understood\s+by\s*,?\s*(?:and\s+)?signed\s+by\s+(?:the\s+)?"
    rf"(?:{PERSONS})(?:\s*(?:/|\bor\b|\band/or\b)\s*(?:(?:their|his|her|a|the|legal|legally|authorized)\s+)*"
    r"(?:guardians?|parents?|representatives?))?"
    r"|approved\s+by\s+(?:(?!and\b(?!\s+the\b)|or\b)[\w()'’/-]+\s+){0,12}?(?:board|committees?|IRB|IEC|\(IRB\)|\(IEC\))"
    r"|(?:and\s+)?(?:in\s+(?:accordance|line|compliance|agreement|conformity|keeping)\s+with|according\s+to|complying\s+with"
    r"|(?:compliant|consistent|conforming)\s+with|conforming\s+to|as\s+(?:required|defined)\s+by|per)\s+(?:(?!able\b|willing\b|must\b)[\w()'’/-]+\s*,?\s+){0,14}?"
    r"(?:regulations?|guidelines?|requirements?|laws?|legislation|GCP\)?|ICH-GCP|ICH|practice|polic(?:y|ies)|(?:declaration\s+of\s+)?helsinki)"
    r"(?:\s+\((?:GCP|ICH-GCP|ICH)\))?(?:\s+guidelines?)?"
    r"(?:\s+and\s+(?:with\s+)?(?:the\s+)?(?:(?:applicable|local|national|relevant)\s+){1,2}(?:regulations?|guidelines?|requirements?|laws?|legislation))?"
    r"|approved\s+by\s+(?:(?!able\b|willing\b)[\w()'’/-]+\s+){1,12}?governing\s+the\s+site"
    r"|after\s+(?:having\s+)?(?:received|receiving|being|been)\s+(?:(?!and\b|or\b)[\w-]+\s+){0,6}?(?:information|informed|explanation)"
    r"|(?:with|and)\s+(?:the\s+|an\s+)?understanding\s+that\s+(?:(?!able\b|willing\b|must\b|agree)[\w'’/-]+\s+){1,14}?"
    r"(?:withdrawn?|leave|discontinue|stop)\b(?:\s+(?!and\b|or\b|able\b|willing\b|must\b|agree)[\w'’/-]+){0,12}?"
    r"(?:,?\s*without\s+(?:any\s+)?(?:prejudice|penalty|consequences?|loss)(?:\s+(?:to|of|for)\s+(?:[\w'’/-]+\s+){0,4}?(?:care|treatment|benefits?))?)?"
    r"|(?:indicating|acknowledging|stating|confirming|attesting)\s+that\s+(?:[\w()'’/-]+\s+){1,8}?"
    r"(?:has|have)\s+been\s+informed\s+of\s+(?:all\s+)?(?:the\s+)?(?:pertinent\s+|relevant\s+)?aspects\s+of\s+the\s+(?:study|trial)"
    r"(?:\s+prior\s+to\s+enrol\w+)?"
    r"|(?:indicating|acknowledging|stating|confirming|attesting)\s+that\s+(?:[\w'’/-]+\s+){1,4}?"
    r"understands?\s+the\s+purpose\s+of,?\s+(?:the\s+study,?\s+)?and\s+(?:the\s+)?procedures\s+(?:that\s+are\s+)?required\s+for,?\s+the\s+(?:study|trial)"
    r"(?:,?\s+and\s+(?:is|are)\s+willing\s+to\s+participate\s+in\s+the\s+(?:study|trial))?"
    r"|as\s+(?:described|outlined|specified|defined|detailed)\s+in\s+(?:the\s+)?(?:(?:study\s+)?protocol|(?:section|appendix)\s+\d[\d.]*)"
    r"|which\s+includes\s+compliance\s+with\s+(?:the\s+)?requirements\s+and\s+restrictions(?:\s+(?:(?:listed|stated|described|outlined)\s+in|of)\s+"
    r"(?:the\s+)?(?:ICF|ICD|(?:informed\s+)?consent(?:\s+(?:form|document))?(?:\s+\(IC[FD]\))?)(?:\s+and\s+(?:in\s+)?(?:(?:this|the)\s+)?protocol)?)?"
    r"|(?:indicating|acknowledging|stating|confirming|attesting)\s+(?:that\s+(?:[\w'’/-]+\s+){1,4}?(?:are|is)\s+aware\s+of"
    r"|that\s+(?:[\w'’/-]+\s+){1,4}?understands?|(?:their\s+|his\s+or\s+her\s+)?understanding\s+of)\s+(?:the\s+)?"
    r"(?:investigational\s+nature|purpose|stud(?:y|ies)\s+objectives?|nature)\b(?:\s+(?!able\b|willing\b|must\b|agree|ha(?:s|ve|d)\b|and\b|or\b)[\w'’/-]+){0,12}"
    r"(?:\s+and\s+(?:the\s+)?(?:procedures?|risks?|requirements?)(?:\s+(?:that\s+are\s+)?(?:required|involved))?"
    r"(?:\s+(?:for|in|of)\s+the\s+(?:study|trial))?)?"
    r"|(?:indicating\s+that|after)\s+the\s+(?:purpose|nature)\s+of\s+the\s+(?:study|trial)\s+(?:was|is|has\s+been)\s+(?:fully\s+)?explained"
    r"|after\s+(?:having\s+)?(?:been|being)\s+informed\s+of\s+(?:(?!able\b|willing\b|must\b|agree)[\w'’/-]+,?\s+){1,24}"
    r"(?:risks|discomforts|benefits|procedures|effects)"
    r"|of\s+(?:their|his\s+or\s+her)\s+own\s+free\s+will|(?:as\s+)?documented\s+by\s+(?:(?:their|a)\s+)?signature"
    r"))+(?=\s*(?:[.;,:)]|$|\n|(?:and|or|unless|if)\b))",
    re.IGNORECASE,
)


_CONSENT_TO: Final = re.compile(r"consent\s+to\s+(?:participat|take\s+part|be\s+included|the\s+study)", re.IGNORECASE)


def _as_consent(token: Token, before: list[Token], text: str) -> Token:
    """In "willing to sign informed consent" it is the consent; only in "before informed consent" an anchor, its day."""
    last = before[-1] if before else None
    if token.type == "CONSENT":
        at = last is not None and last.type == "AT_ANCHOR" and any(map(str(last.value).__contains__, _DAYS_NAMED))
        return Token("ANCHOR", "consent", token.start, token.end) if at else token
    if token.type == "WILLING":  # "has given consent to participate"
        given = last is not None and (last.type in ("WORD", "IF", "MUST") or last.type in _POWERS)
        if not given or _CONSENT_TO.match(text, token.start) is None:
            return token
        return Token("CONSENT", "consent", token.start, token.start + len("consent"))
    if last is not None and last.type in _POWERS and _CONSENT_ALONE.match(text, token.start):
        return Token("CONSENT", "consent", token.start, token.end)  # "able to consent"
    within = last is not None and last.type == "OF" and before[0].type == "TIMEUNIT"  # "within 3 months of consent"
    if last is None or not (within or last.type in _TIMES):
        value = next((v for kind, v in token.others if kind == "CONSENT"), None)
        signed = last is not None and last.said in _SIGNED and token.said == "consent"
        signed = signed or (token.type == "ANCHOR" and _CONSENT_GIVEN.match(text, token.start) is not None)
        if value is not None or signed:
            return Token("CONSENT", value or "informed consent", token.start, token.end)
    lacking = [t.type for t in before if t.type != "PERSON"] == ["NO"] and text[before[0].start] in "lLaA"
    if lacking and text[token.start : token.end].lower() == "consent":  # "lack of the patient's consent"
        return Token("CONSENT", "consent", token.start, token.end)
    return token


_POWERS: Final = frozenset(("ABLE", "UNABLE", "WILLING", "UNWILLING"))
_CONSENT_ALONE: Final = re.compile(r"consent\s*(?:$|[.,;)\n]|(?:and|or)\b|for\s+(?:them|him|her)sel)", re.IGNORECASE)
_CONSENT_GIVEN: Final = re.compile(  # "informed consent is signed"
    r"(?:(?:signed|written|dated|informed)\s+)+consent(?:\s+form)?\s+(?:is|was|has)\b", re.IGNORECASE
)
_DAYS_NAMED: Final = ("time", "date", "day", "moment")  # "at the time of" the consent, not "by" or "on" it


_SIGNED: Final = frozenset("sign date signed dated give provide giving providing".split())


def _as_given(token: Token, before: list[Token], after: list[Token]) -> Token:
    """In "has provided written consent" nothing is a condition."""
    if token.type != "IF" or token.value != "provided" or (before and before[-1].type not in BEFORE_DOING):
        return token
    given = next((i for i, t in enumerate(after) if t.type == "CONSENT"), None)
    if given is None or not all(t.type in _JOINTS_OF_CONSENT or is_consent_word(t) for t in after[:given]):
        return token
    return Token("WORD", token.value, token.start, token.end)


_CONSENT_WORDS: Final = frozenset(
    "sign signed signing signature date dated give given giving provide provided providing obtain obtained "
    "voluntary voluntarily willing study specific document form written approved irb ec iec ethic committee "
    "institutional review board prior any screening procedure before to from of the a an by subject patient "
    "participant have has had been is be read understand understood fully informed s own his her and form before first "
    "themselves themself himself herself for "
    "freely personally copy process person documentation trial related activity activities procedures ich gcp "
    "guideline guidelines good clinical practice consistent free documented provision valid oral verbal "
    "appropriately duly properly validly electronic electronically sheet agreed reviewed".split()
)


def consent_clause(found: list[Token], tokens: list[Token], index: int) -> tuple[int, int] | None:
    """Where a clause about consent alone begins in ``found`` and ends in ``tokens``; None where it says more."""
    start = len(found)
    while start and found[start - 1].type not in (
        "AND",
        "OR",
        "COMMA",
        "SEMI",
        "FACT",
        "MUST",
        "NO",
        "NOT",
        "WITHOUT",
        "LPAR",
        "RPAR",
        "UNLESS",
        "IF",
        "PERSON",
        "IS",
    ):
        start -= 1
    start = _with_what_is_done(found, start)
    end = index + 1
    while end < len(tokens) and tokens[end].type not in (
        "AND",
        "OR",
        "COMMA",
        "SEMI",
        "DOT",
        "RPAR",
        "LPAR",
        "EXCEPT",
        "UNLESS",
        "IF",
    ):
        end += 1
    before = next((i for i in range(index + 1, end) if tokens[i].type == "BEFORE"), end)
    if tokens[before + 1 : end] and not any(t.type in _NOT_OF_CONSENT for t in tokens[before + 1 : end]):
        around = [*found[start:], *tokens[index + 1 : before]]  # "... before any study procedure": not when it counts
    else:
        around = [*found[start:], *tokens[index + 1 : end]]
    if all(t.type in _OF_CONSENT or is_consent_word(t) for t in around):
        return start, end
    return None


def _with_what_is_done(found: list[Token], start: int) -> int:
    """Where a clause of a consent begins with what is done with it: "read, understood and signed the consent form"."""
    while start > 1:
        if found[start - 1].type == "RPAR":  # "written (signed and dated) consent"
            opened = next((i for i in range(start - 2, -1, -1) if found[i].type == "LPAR"), start)
            inside = found[opened + 1 : start - 1]
            if opened == start or any(not (is_consent_word(t) or t.type == "AND") for t in inside):
                break
            start = opened
            while start and is_consent_word(found[start - 1]):
                start -= 1
            continue
        at = start
        while at and found[at - 1].type in ("AND", "COMMA"):
            at -= 1
        first = at
        while first and is_consent_word(found[first - 1]):
            first -= 1
        if at in (start, first) or (first and found[first - 1].type not in _BEFORE_GIVING):
            break
        start = first - (first > 0 and found[first - 1].type == "PRESENCE")  # "evidence of a signed and dated consent"
    return start


_BEFORE_GIVING: Final = BEFORE_DOING | {"PRESENCE"}
_OF_CONSENT: Final = frozenset(
    "DASH SLASH CONSENT PRESENCE ANCHOR WEAK_ANCHOR BEFORE AT_ANCHOR OF PREP FOR FOR_TIME COMMA MUST LPAR RPAR".split()
)
_NOT_OF_CONSENT: Final = frozenset("NUMBER UNIT TIMEUNIT FEMALE MALE MUST MUST_NOT NOT NO WITHOUT".split())


def is_consent_word(token: Token) -> bool:
    """Whether a word says no more of a consent than that it is given."""
    said = token.value.name if isinstance(token.value, Qualifier) else token.value
    return isinstance(said, str) and set(said.lower().split()) <= _CONSENT_WORDS
