"""Abilities, willingness, consent, contraception, the investigator's judgement: what only an answer settles.

Such a statement runs from the words that open it to the end of its clause.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Literal, TypeAlias

from eligibility.knowledge.qualifiers import Qualifier
from eligibility.reading.composing.terms import StatementRead
from eligibility.reading.drafts import Draft, all_of, ambiguous, any_of, negated, unread
from eligibility.reading.lexing.tokens import Token
from eligibility.reading.nouns import Context
from eligibility.reading.patterns import any_word
from eligibility.rules import PatientAttribute, Rule, Sex, Statement

__all__ = ["statements"]

_OPENING: Final = frozenset("ABLE UNABLE WILLING UNWILLING CIRCUMSTANCE INTENT".split())
_DOES: Final = frozenset(  # what patients must do, where a clause begins with it: "understands and reads English"
    "understand understands comprehend comprehends comply complies adhere adheres cooperate cooperates communicate "
    "communicates read reads write writes able capable competent agree agrees ability capability capacity "
    "motivation".split()
)
_BEFORE_DOING: Final = frozenset("PERSON MUST MUST_NOT NOT AND OR ANDOR COMMA SEMI MAY FILLER IS COLON FACT".split())
_OF_MIND: Final = frozenset(  # in what way somebody is able
    "mentally physically cognitively legally intellectually psychologically fully adequately sufficiently cognitive "
    "mental physical legal intellectual psychological adequate sufficient reliably freely voluntarily "
    "expressed stated indicate indicated express confirm confirmed demonstrate demonstrated".split()
)
_LESSENED: Final = frozenset("compromized impaired limited diminished reduced decreased insufficient lacking".split())
_WHOLE: Final = frozenset("STATUS OTHER_CRITERIA".split())  # a statement of their own
_STATED: Final = _OPENING | _WHOLE | {"CONSENT", "CONTRACEPTION"}
_FRAMING: Final = frozenset("CURRENT HISTORY KNOWN".split())
_ENDING: Final = frozenset("SEMI EXCEPT UNLESS JUDGED".split())
_VERBS: Final = frozenset("ALLOWED EXCLUDED MUST MUST_NOT".split())  # "is allowed", "must have"
_STARTS_AFRESH: Final = frozenset(
    "ABLE UNABLE WILLING UNWILLING CIRCUMSTANCE INTENT MUST MUST_NOT CONSENT HISTORY ALLERGY NOT NO PREGNANT "
    "BREASTFEEDING IS".split()
)
_REFRAINED: Final = frozenset("PREGNANT BREASTFEEDING INTENT".split())  # "agree not to be pregnant, nursing or ..."
_Topic: TypeAlias = Literal["ability", "willingness", "circumstance"]
_TOPICS: Final[dict[str, _Topic]] = {
    "ABLE": "ability",
    "UNABLE": "ability",
    "WILLING": "willingness",
    "UNWILLING": "willingness",
    "INTENT": "willingness",
    "CIRCUMSTANCE": "circumstance",
    "STATUS": "circumstance",
    "OTHER_CRITERIA": "circumstance",
}


def statements(tokens: Sequence[Token], context: Context) -> list[Token]:
    """The tokens with each statement as one fact."""
    tokens = _consents(tokens, context.text)
    if any(token.type == "SOMEBODY_ELSE" for token in tokens):
        tokens = _partners(tokens, context.text)
    kinds = {token.type for token in tokens}
    doing = any(token.type == "WORD" and token.value in _DOES for token in tokens)
    whom = not kinds.isdisjoint(("NO", "NOT")) and any(token.said in ("whom", "which") for token in tokens)
    if not doing and not whom and _STATED.isdisjoint(kinds):
        return tokens
    if "CIRCUMSTANCE" in kinds:
        tokens = _own_and_of_family(tokens, context.text)
    found: list[Token] = []
    index = 0
    if "CONSENT" in kinds and "SOMEBODY_ELSE" in kinds:
        tokens = _without_representatives(tokens)
    while index < len(tokens):
        token = tokens[index]
        if token.type == "STATUS" and not _of_somebody(token, tokens[index + 1 : index + 2]):
            token = Token("WORD", context.text[token.start : token.end].lower(), token.start, token.end)
        if token.type == "ABLE" and found and found[-1].type == "WORD" and found[-1].value in _LESSENED:
            token = Token("UNABLE", token.value, found.pop().start, token.end)  # "compromised ability to"
            tokens = [*tokens[:index], token, *tokens[index + 1 :]]
        if doing and token.type == "WORD" and _does(tokens, index, found):
            tokens = [*tokens[:index], Token("ABLE", token.value, token.start, token.end), *tokens[index + 1 :]]
            token = tokens[index]
        if (gone := _none_exists(tokens, index, context.text)) > index:
            words = context.text[tokens[index + 2].start : tokens[gone - 1].end].lower()
            found += [*tokens[index : index + 2], Token("WORD", words, tokens[index + 2].start, tokens[gone - 1].end)]
            index = gone
        elif _for_whom_none(tokens, index, found):
            end = _end(tokens, index + 2)
            said = Statement(text=context.text[tokens[index + 2].start : tokens[end - 1].end], topic="circumstance")
            found.append(_fact(_place(said, token.start, tokens[end - 1].end)))
            index = end
        elif token.type in _OPENING or token.type in _WHOLE:
            end = _end(tokens, index) if token.type in _OPENING else index + 1
            framed = bool(found) and found[-1].type in _FRAMING
            framed = framed and (token.type in ("STATUS", "CIRCUMSTANCE") or found[-1].type == "KNOWN")
            before = [found.pop()] if framed else []  # "history of", "currently"
            while token.type in _OPENING and found and found[-1].type == "WORD" and found[-1].value in _OF_MIND:
                before.insert(0, found.pop())
            if found and found[-1].type in ("MUST_NOT", "NOT") and _prevented(tokens[index:end]):
                asked = found.pop()
                if asked.type == "MUST_NOT":
                    found.append(Token("MUST", "must", asked.start, asked.end))
            found.append(_statement([*before, *tokens[index:end]], context))
            index = end
        elif token.type == "CONSENT" and (span := _consent_clause(found, tokens, index)) is not None:
            start, end = span
            first = found[start].start if start < len(found) else token.start
            del found[start:]
            found.append(_fact(_attribute("consent", first, tokens[end - 1].end, False)))
            index = end
        elif token.type == "CONTRACEPTION":
            start = _back(found)
            end = _end(tokens, index)
            taken = [*found[start:], *tokens[index:end]]
            del found[start:]
            found.append(_contraception(taken, context))
            index = end
        else:
            found.append(token)
            index += 1
    return found


_OWN_OR_OF_FAMILY: Final = re.compile(
    r"(?:personal|own)(?:\s+medical)?(?:\s+history)?\s+(?:and/or|or|and)\s+family(?:\s+medical)?\s+history(?:\s+(?:of|for))?"
    r"|family\s+(?:and/or|or|and)\s+personal(?:\s+medical)?\s+history(?:\s+(?:of|for))?",
    re.IGNORECASE,
)


def _own_and_of_family(tokens: Sequence[Token], text: str) -> list[Token]:
    """ "Personal or family history of X": the patient's own is on record; of the family only an answer tells."""
    found = list(tokens)
    for index in range(len(tokens) - 1, -1, -1):
        token = tokens[index]
        if token.type == "CIRCUMSTANCE" and (joint := _or_family(tokens, index, text)):
            end = _end(tokens, index)
            family = Statement(text=text[token.start : tokens[end - 1].end], topic="circumstance")
            last = tokens[end - 1].end
            said = [Token("OR", "or", last, last), _fact(_place(family, last, last))]
            found[joint:end] = [*tokens[index + 1 : end], *said]
            continue
        if token.type != "CIRCUMSTANCE" or not _OWN_OR_OF_FAMILY.fullmatch(text, token.start, token.end):
            continue
        end = _end(tokens, index)
        denied = index > 0 and tokens[index - 1].type in ("NO", "NOT", "WITHOUT")
        if end == index + 1 or denied or any(t.type == "COMMA" for t in tokens[index:end]):
            continue
        last = tokens[end - 1].end
        family = Statement(text=f"family history of {text[tokens[index + 1].start : last]}", topic="circumstance")
        found[index:end] = [
            Token("HISTORY", "history of", token.start, token.end),
            *tokens[index + 1 : end],
            Token("OR", "or", last, last),
            _fact(_place(family, last, last)),
        ]
    return found


_OF_FAMILY: Final = re.compile(r"(?:an?\s+)?family\s+(?:medical\s+)?history\s+(?:of|for)", re.IGNORECASE)


def _or_family(tokens: Sequence[Token], index: int, text: str) -> int:
    """Where the "or" stands in "diagnosed with or have a family history of X", of whose X both are; 0 where in none."""
    joint = index - 1
    while joint > 0 and tokens[joint].type == "IS":
        joint -= 1
    said = index + 1 < len(tokens) and _OF_FAMILY.fullmatch(text, tokens[index].start, tokens[index].end)
    if not said or joint < 1 or tokens[joint].type not in ("OR", "ANDOR"):
        return 0
    end = _end(tokens, index)
    listed = any(t.type in ("COMMA", "OR", "AND", "ANDOR") for t in tokens[index:end])
    return joint if tokens[joint - 1].type in ("DIAGNOSIS", "HISTORY") and end > index + 1 and not listed else 0


_NONE_EXISTS: Final = re.compile(
    r"for\s+(?:which|whom)\s+(?:(?!(?:is|are|do|does|not|no|with|who)\b)[\w/-]+,?\s+){1,12}?"
    r"(?:(?:do|does)\s+not\s+exist|no\s+longer\s+exists?)"
    r"(?:,?\s+or\s+(?:is|are|has\s+become|would\s+be)\s+(?:no\s+longer|not|in)\s?-?"
    r"(?:effective|available|tolerable|tolerated|appropriate|indicated)"
    r"(?:\s+or\s+(?:tolerable|tolerated|available|appropriate|effective))?)?(?=\W|$)",
    re.IGNORECASE,
)


def _none_exists(tokens: Sequence[Token], index: int, text: str) -> int:
    """Where a clause ends in which what is denied is that something can be done: "for which a cure does not exist or is
    no longer effective"; ``index`` where none begins."""
    if tokens[index].said != "for" or [t.said for t in tokens[index + 1 : index + 2]] not in (["which"], ["whom"]):
        return index
    clause = _NONE_EXISTS.match(text, tokens[index].start)
    if clause is None:
        return index
    return next((i for i in range(index, len(tokens)) if tokens[i].start >= clause.end()), len(tokens))


def _for_whom_none(tokens: Sequence[Token], index: int, found: Sequence[Token]) -> bool:
    """ "..., or for whom no standard therapy exists": what only somebody who knows the options can say."""
    if tokens[index].said != "for" or [(t.said, t.type) for t in tokens[index + 1 : index + 2]] != [("whom", "PREP")]:
        return False
    denied = index + 2 < len(tokens) and tokens[index + 2].type == "NO"
    return denied and (not found or found[-1].type in ("OR", "ANDOR", "AND", "COMMA", "PERSON"))


def _does(tokens: Sequence[Token], index: int, found: Sequence[Token]) -> bool:
    """Whether a clause begins with a word that says what patients do or can do, and says more than it."""
    token, ahead = tokens[index], tokens[index + 1 : index + 2]
    if token.value not in _DOES or not ahead or ahead[0].type in ("DOT", "SEMI", "RPAR"):
        return False
    if token.value in _CAN and ahead[0].type == "WORD":
        return False  # "a competent caregiver"
    before = next((t for t in reversed(found) if not (t.type == "WORD" and t.value in _OF_MIND)), None)
    return (before is None or before.type in _BEFORE_DOING) and not _before_consent(tokens[index:])


def _before_consent(tokens: Sequence[Token]) -> bool:
    """Whether nothing but what is done with a consent stands before it: "understand and sign the consent form"."""
    end = next((i for i, t in enumerate(tokens) if t.type == "CONSENT"), None)
    return end is not None and all(t.type in _JOINTS_OF_CONSENT or _is_consent_word(t) for t in tokens[:end])


_JOINTS_OF_CONSENT: Final = frozenset("AND COMMA FILLER MUST IS SLASH WEAK_ANCHOR".split())


def _opens(token: Token) -> bool:
    """Whether a statement has not come to what it is about: "willing, able and likely to"."""
    if token.type == "WORD":
        return token.value in _DOES
    return token.type in _ABILITY or token.type in ("AND", "OR", "ANDOR", "COMMA", "IS")


def _opens_on(after: Sequence[Token]) -> bool:
    """Whether what stands behind a connective goes on with the words that open a statement: "and is able"."""
    first = next((t for t in after if t.type not in ("IS", "AND", "OR")), None)
    return first is not None and first.type in _OPENING


_ABILITY: Final = frozenset("ABLE UNABLE WILLING UNWILLING".split())
_CAN: Final = frozenset("able capable competent".split())


_OF_THEIRS: Final = (
    r"(?:child-?\s?bearing\s+(?:potential|age)|reproductive\s+(?:potential|age)|(?:WOCBP|FCBP|FOCBP)s?|pregnant|nursing"
    r"|breast-?\s?feeding|lactating|fertile)"
)
_PARTNERS: Final = re.compile(
    rf"(?:(?:an?|his|their|female|male|sexual|sex|current|currently|fertile|of|{_OF_THEIRS})\s+)*partners?(?:\s?\(s\))?"
    r"(?:\s+(?:(?:who|that)\s+(?:is|are|may\s+be|could\s+be(?:come)?|can\s+become)|is|are|was|were|of|with)\s+"
    rf"(?:(?:an?|currently|females?|wom[ae]n|of|either|also)\s+)*{_OF_THEIRS}(?:\s*\((?:WOCBP|FCBP|FOCBP|WCBP)\))?"
    rf"(?:\s*(?:,|or|and/or)\s*(?:(?:are|of)\s+)?{_OF_THEIRS}(?!\s+(?:female\s+)?partners?\b))*)?"
    rf"(?:\s+or\s+(?:(?:an?|female|{_OF_THEIRS})\s+)+partners?\b)?(?!\w)",
    re.IGNORECASE,
)
_HAVING: Final = re.compile(r"(?:with|whose|have|has|having|(?:who|that) (?:have|has))$", re.IGNORECASE)
_SAID_OF: Final = frozenset("PERSON FEMALE MALE CHILDBEARING WORD".split())


def _partners(tokens: Sequence[Token], text: str) -> list[Token]:
    """Partners whom people have as what is said of these: "men with partners of childbearing potential".

    What both agree to, "men and their partners", is what the patient agrees to.
    """
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        before = [t for t in found[-3:] if t.type != "FILLER"]
        last = before[-1] if before else None
        people = len(before) > 1 and before[-2].type in _SAID_OF
        if last is not None and people and last.type == "IS" and _HAVING.search(text, last.start, last.end):
            read = _PARTNERS.match(text, token.start)
            if read is not None:
                said = Statement(text=read[0], topic="circumstance")
                found.append(_fact(_place(said, token.start, read.end())))
                index = next((i for i in range(index, len(tokens)) if tokens[i].start >= read.end()), len(tokens))
                continue
        if token.type in ("AND", "ANDOR") and last is not None and last.type in _AGREEING:
            both = _AND_THEIR_PARTNERS.match(text, token.start)
            if both is not None and any(t.type == "CONTRACEPTION" for t in tokens[index:]):
                end = next((i for i in range(index, len(tokens)) if tokens[i].start >= both.end()), len(tokens))
                if end < len(tokens) and tokens[end].type in ("MUST", "MUST_NOT", "WILLING", "UNWILLING"):
                    found.append(Token("FILLER", both[0].lower(), token.start, both.end()))
                    index = end
                    continue
        found.append(token)
        index += 1
    return found


_AGREEING: Final = frozenset("PERSON FEMALE MALE CHILDBEARING RPAR".split())
_AND_THEIR_PARTNERS: Final = re.compile(
    r"(?:and|and/or)\s+(?:(?:his|her|his/her|their|the|respective|female|male|sexual|sex)\s+)*partners?(?:\s?\(s\))?(?!\w)",
    re.IGNORECASE,
)


def _without_representatives(tokens: Sequence[Token]) -> list[Token]:
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


def _again(tokens: Sequence[Token], index: int) -> bool:
    """Whether an abbreviation of a representative, or a further one, follows: "representative (LAR)"."""
    around = tokens[index : index + 3]
    kinds = [t.type for t in around]
    return (
        kinds[:2] == ["OR", "SOMEBODY_ELSE"]
        or kinds == ["LPAR", "SOMEBODY_ELSE", "RPAR"]
        or (kinds[:1] == ["RPAR"] and tokens[index - 1].type == "SOMEBODY_ELSE" and tokens[index - 2].type == "LPAR")
    )


_PEOPLE: Final = frozenset("PERSON FEMALE MALE AGED AGE CHILDBEARING AND OR COMMA SEMI DOT IS RPAR LPAR".split())


def _of_somebody(token: Token, after: Sequence[Token]) -> bool:
    """Whether a status is said of people: "healthy women", and not of "healthy diet" or "healthy donors"."""
    return not str(token.value).endswith("healthy") or not after or after[0].type in _PEOPLE


_TIMES: Final = frozenset("BEFORE AFTER AT_ANCHOR SINCE WITHIN FROM TO FOR_TIME PREP".split())


def _consents(tokens: Sequence[Token], text: str) -> list[Token]:
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
    r"\(\s*(?:ICF|IC|consent form)\s*\)|forms?\b|documents?\b|sheets?\b"
    r"|electronically\b(?:\s+(?:via|through|using)\s+(?:an?\s+|the\s+)?[\w-]+)?"
    r"|(?:and\s+)?(?:(?:is|was|are|were|has|have|had|must|should|will|to|be|been|being)\s+)*(?:(?:freely|voluntarily|appropriately|properly|duly)\s+)?"
    r"(?:given|obtained|provided|dated|signed(?:\s+and\s+dated)?|granted|documented)\b"
    r"|(?:by|from)\s+(?:the\s+|each\s+|all\s+)?(?:patients?|subjects?|participants?)\b(?!['’]|\s*(?:or|and/or|[/(])\b)"
    r"|(?:to|for)\s+(?:stud(?:y|ies)\s+)?(?:participat\w+|take part|taking part|be included|inclusion|enrol\w+)"
    rf"(?:\s+{_STUDY_HERE})?"
    rf"|(?:to|for)\s+(?:(?:the|any|all)\s+)*(?:study|trial|protocol)[\s-]+(?:(?:related|specific|mandated|required)\s+)?{_ALL_DONE_BY_STUDY}"
    r"|(?:and\s+)?(?:prior\s+to|before)\s+(?:(?!and\b|or\b)[\w/-]+\s+){0,8}?"
    rf"(?:{_ALL_DONE_BY_STUDY}|(?:(?:study|trial|protocol)\s+entry|entering\s+(?:in\s*to\s+|in\s+)?(?:the|this)\s+(?:study|trial))\b)"
    r"(?:\s+or\s+(?:undergoing|performing|having|beginning|starting)\s+(?:any\s+)?(?:study|trial|protocol)[\s-]+"
    r"(?:(?:specific|related|required|mandated)\s+)?(?:procedures?|activit(?:y|ies)|assessments?|tests))?"
    r"(?:\s+(?:is|are|being|is being|are being)\s+(?:performed|conducted|initiated|carried out|done|started))?"
    r"(?:\s+(?:that\s+(?:is|are)\s+)?not\s+(?:(?:a\s+)?part|considered\s+part)\s+of\s+(?:the\s+)?"
    r"(?:standard|routine|normal|usual)\s+"
    r"(?:of\s+|medical\s+|clinical\s+|patient\s+|subject\s+)*(?:care|practice))?"
    r"|explained\s+to\s*,?\s*(?:and\s+)?understood\s+by\s*,?\s*(?:and\s+)?signed\s+by\s+(?:the\s+)?"
    r"(?:patients?|subjects?|participants?)(?:\s*(?:/|\bor\b|\band/or\b)\s*(?:(?:their|his|her|a|the|legal|legally|authorized)\s+)*"
    r"(?:guardians?|parents?|representatives?))?"
    r"|approved\s+by\s+(?:(?!and\b(?!\s+the\b)|or\b)[\w()'’/-]+\s+){0,12}?(?:board|committees?|IRB|IEC|\(IRB\)|\(IEC\))"
    r"|(?:and\s+)?(?:in\s+(?:accordance|line|compliance|agreement|conformity|keeping)\s+with|according\s+to|complying\s+with"
    r"|compliant\s+with|consistent\s+with|as\s+(?:required|defined)\s+by|per)\s+(?:(?!able\b|willing\b|must\b)[\w()'’/-]+\s*,?\s+){0,14}?"
    r"(?:regulations?|guidelines?|requirements?|laws?|legislation|GCP\)?|ICH-GCP|ICH|practice|polic(?:y|ies)|(?:declaration\s+of\s+)?helsinki)"
    r"(?:\s+\((?:GCP|ICH-GCP|ICH)\))?(?:\s+guidelines?)?"
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
    r"|which\s+includes\s+compliance\s+with\s+(?:the\s+)?requirements\s+and\s+restrictions\s+listed\s+in\s+the\s+"
    r"(?:ICF|ICD|informed\s+consent(?:\s+(?:form|document))?(?:\s+\(IC[FD]\))?)(?:\s+and\s+(?:in\s+)?(?:this|the)\s+protocol)?"
    r"))+(?=\s*(?:[.;,:)]|$|\n|(?:and|or|unless|if)\b))",
    re.IGNORECASE,
)


_CONSENT_TO: Final = re.compile(r"consent\s+to\s+(?:participat|take\s+part|be\s+included|the\s+study)", re.IGNORECASE)


def _as_consent(token: Token, before: Sequence[Token], text: str) -> Token:
    """In "willing to sign informed consent" it is the consent; only in "before informed consent" an anchor, its day."""
    last = before[-1] if before else None
    if token.type == "CONSENT":
        at = last is not None and last.type == "AT_ANCHOR" and any(map(str(last.value).__contains__, _DAYS_NAMED))
        return Token("ANCHOR", "consent", token.start, token.end) if at else token
    if token.type == "WILLING":  # "has given consent to participate"
        if last is None or last.type not in ("WORD", "IF") or _CONSENT_TO.match(text, token.start) is None:
            return token
        return Token("CONSENT", "consent", token.start, token.start + len("consent"))
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


_CONSENT_GIVEN: Final = re.compile(  # "informed consent is signed"
    r"(?:(?:signed|written|dated|informed)\s+)+consent(?:\s+form)?\s+(?:is|was|has)\b", re.IGNORECASE
)
_DAYS_NAMED: Final = ("time", "date", "day", "moment")  # "at the time of" the consent, not "by" or "on" it


_SIGNED: Final = frozenset("sign date signed dated give provide giving providing".split())


def _as_given(token: Token, before: Sequence[Token], after: Sequence[Token]) -> Token:
    """In "has provided written consent" nothing is a condition."""
    if token.type != "IF" or token.value != "provided" or (before and before[-1].type not in _BEFORE_DOING):
        return token
    given = next((i for i, t in enumerate(after) if t.type == "CONSENT"), None)
    if given is None or not all(t.type in _JOINTS_OF_CONSENT or _is_consent_word(t) for t in after[:given]):
        return token
    return Token("WORD", token.value, token.start, token.end)


def _end(tokens: Sequence[Token], start: int) -> int:
    """Where a statement ends: at a sign that ends clauses, or before a connective that a new clause follows."""
    depth = 0
    at = start + 1
    sexual = _SEXUAL.search(str(tokens[start].value)) is not None
    state = tokens[start].value in _STATES and not any(t.type == "FROM" for t in tokens[at : at + 2])
    if sexual and not (at < len(tokens) and _WITH.match(str(tokens[at].value))):
        return at
    while at < len(tokens):
        token = tokens[at]
        if token.type == "LPAR":
            depth += 1
        elif token.type == "RPAR":
            depth -= 1
            if depth < 0:
                break
        elif depth == 0:
            if (
                token.type in _ENDING
                or (token.type in _VERBS and " " in str(token.value))
                or (token.type == "IF" and _on_condition(tokens[start:at], tokens[at : at + 2]))
                or (sexual and token.type in _BEHIND_PARTNERS)
                or (tokens[start].type == "INTENT" and _agrees(token) and tokens[at - 1].type not in _JOINTS)
                or (state and token.type in ("COMMA", "AND", "OR", "ANDOR", "SLASH"))
            ):
                break
            following = tokens[at + 1] if at + 1 < len(tokens) else None
            if (
                tokens[start].type == "CONTRACEPTION"
                and token.type in ("FOR", "FOR_TIME", "WITHIN")
                and following is not None
                and following.type in ("FEMALE", "MALE", "CHILDBEARING", "PERSON")
            ):
                break
            if token.type in ("AND", "COMMA") and _others_must(tokens, at + 1):
                break
            if token.type in ("OR", "ANDOR", "COMMA") and _other_people(tokens[at + 1 : at + 4]):
                break
            tested = tokens[start].type == "CONTRACEPTION" and any(
                t.type == "NEGATIVE" for t in tokens[at + 1 : at + 4]
            )
            if token.type == "AND" and tested:
                break  # "contraception as well as present a negative pregnancy test"
            if token.type in ("AND", "OR", "ANDOR", "COMMA") and following is not None:
                after = (
                    tokens[at + 2] if following.type in ("AND", "OR", "PERSON") and at + 2 < len(tokens) else following
                )
                if (
                    after.type in ("WILLING", "ABLE", "IS")
                    and _understands(tokens[start:at])
                    and any(t.type == "CONSENT" for t in tokens[at:])
                ):
                    at += 1
                    continue
                if str(tokens[start].value).endswith("not to") and after.type in _REFRAINED:
                    at += 1
                    continue
                opened = after.type in _OPENING and at == start + 1
                opened = opened or (all(_opens(t) for t in tokens[start:at]) and _opens_on(tokens[at + 1 : at + 3]))
                denied = after.type == "CONSENT" and tokens[start].type in ("UNABLE", "UNWILLING")
                if after.type in _STARTS_AFRESH and not (opened or denied):
                    break
                if token.type != "AND" and _beside_no_consent(tokens[start:at], after):
                    break
        at += 1
    return at


def _agrees(token: Token) -> bool:
    """Whether it is the verb of those of whom something is said before: "who plan to move | agree to be followed"."""
    return token.type == "WILLING" and token.said.startswith("agree")


def _prevented(tokens: Sequence[Token]) -> bool:
    """Whether it is a pregnancy and how it is prevented: "(not) expect to conceive by using contraception"."""
    by = next((i for i, t in enumerate(tokens) if str(t.value) in ("by", "through", "by using")), None)
    return tokens[0].type == "INTENT" and by is not None and any(t.type == "CONTRACEPTION" for t in tokens[by:])


def _other_people(tokens: Sequence[Token]) -> bool:
    """Whether people are named and something is said of them: "... or men who", "... or women unwilling to"."""
    if not tokens or tokens[0].type not in _GROUPS:
        return False
    said = next((t for t in tokens[1:3] if t.type not in _GROUPS), None)
    return said is not None and (said.type in _OPENING or (said.type == "IS" and said.said.startswith(("who", "that"))))


def _others_must(tokens: Sequence[Token], at: int) -> bool:
    """Whether a requirement of people follows, whoever they are: "... and women must ..."."""
    while at < len(tokens) and tokens[at].type in ("AND", "FILLER"):
        at += 1
    if at >= len(tokens) or tokens[at].type not in _GROUPS:
        return False
    verb = next((t for t in tokens[at : at + _SUBJECT] if t.type in _VERBS or t.type in _CLAUSE_JOINTS), None)
    return verb is not None and verb.type in _VERBS


_SUBJECT: Final = 8  # tokens that may name those of whom something is asked
_GROUPS: Final = frozenset("PERSON FEMALE MALE CHILDBEARING".split())
_CLAUSE_JOINTS: Final = frozenset("AND OR COMMA SEMI".split())
_ASSENT: Final = re.compile(r"assent|capacity|participation", re.IGNORECASE)


def _beside_no_consent(before: Sequence[Token], after: Token) -> bool:
    """Whether nothing that is given follows on "unable to give consent or": "dementia", but not "assent"."""
    kinds = {t.type for t in before}
    named = after.type == "CONDITION" or (after.type == "STATUS" and not _ASSENT.search(str(after.value)))
    return named and before[0].type == "UNABLE" and "CONSENT" in kinds and kinds.isdisjoint(_REASONS)


_SEXUAL: Final = re.compile(r"sexually active$")
_WITH: Final = re.compile(r"with\b")
_BEHIND_PARTNERS: Final = _VERBS | frozenset("COMMA AND OR ANDOR SLASH WITHOUT NOT NO USE CONTRACEPTION".split())
_WEAK: Final = frozenset("when where whenever provided".split())  # "abstinence, when that is the usual lifestyle"


def _on_condition(before: Sequence[Token], after: Sequence[Token]) -> bool:
    """Whether a field of the profile, or something of some people, is asked for on a condition: "if sexually active".

    A condition of an alternative is part of what is asked: "for 6 months, or longer if needed".
    """
    if next(t.type for t in reversed(before) if t.type != "COMMA") in ("OR", "OR_MORE"):
        return False
    if len(after) > 1 and (after[1].type in ("FEMALE", "MALE", "CHILDBEARING") or _SEXUAL.search(str(after[1].value))):
        return True
    return after[0].value not in _WEAK and any(t.type in ("CONSENT", "CONTRACEPTION") for t in before)


def _understands(tokens: Sequence[Token]) -> bool:
    """Whether an ability is no more than what consent takes: "able to understand and willing to sign ..."."""
    return all(
        t.type in ("ABLE", "WILLING", "AND", "COMMA")
        or (t.type == "WORD" and str(t.value) in ("understand", "read", "comprehend"))
        for t in tokens
    )


_CONSENT_WORDS: Final = frozenset(
    "sign signed signing signature date dated give given giving provide provided providing obtain obtained "
    "voluntary voluntarily willing study specific document form written approved irb ec iec ethic committee "
    "institutional review board prior any screening procedure before to from of the a an by subject patient "
    "participant have has had been is be read understand understood fully informed s own his her and form before first "
    "freely personally copy process person documentation trial related activity activities procedures ich gcp "
    "guideline guidelines good clinical practice consistent free documented provision valid oral verbal "
    "appropriately duly properly validly electronic electronically sheet agreed reviewed".split()
)


def _consent_clause(found: Sequence[Token], tokens: Sequence[Token], index: int) -> tuple[int, int] | None:
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
    if all(t.type in _OF_CONSENT or _is_consent_word(t) for t in around):
        return start, end
    return None


def _with_what_is_done(found: Sequence[Token], start: int) -> int:
    """Where a clause of a consent begins with what is done with it: "read, understood and signed the consent form"."""
    while start > 1:
        if found[start - 1].type == "RPAR":  # "written (signed and dated) consent"
            opened = next((i for i in range(start - 2, -1, -1) if found[i].type == "LPAR"), start)
            inside = found[opened + 1 : start - 1]
            if opened == start or any(not (_is_consent_word(t) or t.type == "AND") for t in inside):
                break
            start = opened
            while start and _is_consent_word(found[start - 1]):
                start -= 1
            continue
        at = start
        while at and found[at - 1].type in ("AND", "COMMA"):
            at -= 1
        first = at
        while first and _is_consent_word(found[first - 1]):
            first -= 1
        if at in (start, first) or (first and found[first - 1].type not in _BEFORE_GIVING):
            break
        start = first - (first > 0 and found[first - 1].type == "PRESENCE")  # "evidence of a signed and dated consent"
    return start


_BEFORE_GIVING: Final = _BEFORE_DOING | {"PRESENCE"}
_OF_CONSENT: Final = frozenset(
    "DASH SLASH CONSENT PRESENCE ANCHOR WEAK_ANCHOR BEFORE AT_ANCHOR OF PREP FOR FOR_TIME COMMA MUST LPAR RPAR".split()
)
_NOT_OF_CONSENT: Final = frozenset("NUMBER UNIT TIMEUNIT FEMALE MALE MUST MUST_NOT NOT NO WITHOUT".split())


def _is_consent_word(token: Token) -> bool:
    """Whether a word says no more of a consent than that it is given."""
    said = token.value.name if isinstance(token.value, Qualifier) else token.value
    return isinstance(said, str) and set(said.lower().split()) <= _CONSENT_WORDS


_STATES: Final = frozenset("prisoner incarcerated institutionalized homeless detained recovered".split()) | {
    "involuntarily incarcerated",
    "vulnerable population",
    "under guardianship",
}


_CLAUSE_ENDS: Final = frozenset(
    "MUST MUST_NOT AND OR COMMA SEMI FEMALE MALE CHILDBEARING NOT_CHILDBEARING FACT COLON NOT NO LPAR IF UNLESS EXCEPT "
    "PREGNANT BREASTFEEDING PERSON WITHOUT MAY".split()
)


def _back(found: Sequence[Token]) -> int:
    """Where the clause of a contraception begins: after the last connective, requirement or group of people."""
    at = len(found)
    while at and found[at - 1].type not in _CLAUSE_ENDS:
        at -= 1
    return at


def _more_asked(tokens: Sequence[Token]) -> bool:
    """Whether something else is asked before it: "agree to a pregnancy test and to contraception"."""
    first = next(i for i, token in enumerate(tokens) if token.type == "CONTRACEPTION")
    joint = next((i for i in range(first) if tokens[i].type == "AND"), 0)
    return any(t.type in ("CONDITION", "TREATMENT", "ANALYTE") for t in tokens[1:joint])


_GIVEN_UP: Final = re.compile(
    any_word("discontinu", "stop", "ceas", "interrupt", "abandon")
    + r"\w*\s+(?:\w+\s+){0,4}(?:contracepti|birth control)",
    re.IGNORECASE,
)


_ITS_TIME: Final = re.compile(  # not where it is asked of people: "women for whom contraception is required"
    any_word("time", "frame", "timeframe", "period", "phase", "window", "interval", "days", "weeks", "months")
    + r"\s+(?:(?:in|during|for|over|throughout)\s+which|when|where)\s+(?:\w+\s+){0,4}$",
    re.IGNORECASE,
)


def _only_its_time(tokens: Sequence[Token], context: Context) -> bool:
    """Whether contraception only says which time is meant: "pregnancy in the period in which it is required"."""
    at = next(t for t in tokens if t.type == "CONTRACEPTION")
    return _ITS_TIME.search(context.text, tokens[0].start, at.start) is not None


def _statement(tokens: Sequence[Token], context: Context) -> Token:
    start, end = tokens[0].start, tokens[-1].end
    kinds = {t.type for t in tokens}
    if "CONTRACEPTION" in kinds and _only_its_time(tokens, context):
        kinds.remove("CONTRACEPTION")
    first = next((t for t in tokens if t.type != "WORD"), tokens[0])  # "mentally unfit to ..."
    denied = first.type in ("UNABLE", "UNWILLING")
    topic = _TOPICS.get(first.type, "circumstance")
    somebody = any(t.type == "SOMEBODY_ELSE" for t in tokens)
    against = _GIVEN_UP.search(context.text, start, end) is not None
    if "CONTRACEPTION" in kinds and not somebody and not against and not _more_asked(tokens):
        return _agreed(tokens, context, denied)
    if "CONSENT" in kinds and not _among_examples(tokens) and (not somebody or _or_of_another(tokens)):
        return _fact(_consented(tokens, context, topic, denied=denied))
    if tokens[0].type == "OTHER_CRITERIA":  # those that only the site has
        return _fact(_place(Statement(text=context.text[start:end], topic="circumstance", who="site"), start, end))
    said = _place(Statement(text=context.text[start:end], topic=topic), start, end)
    if tokens[0].type == "INTENT" and _is_of_women(context.text[start:end].lower()):
        return _fact(all_of([_place(Sex(sex="female"), start, tokens[0].end), said], (start, end)))
    return _fact(said)


def _is_of_women(wish: str) -> bool:
    """Whether only a woman can have it: "to become pregnant", not "to conceive or father children"."""
    return ("pregnan" in wish or "conceiv" in wish) and _OF_EITHER_SEX.search(wish) is None


_OF_EITHER_SEX: Final = re.compile(
    r"\b(?:father|impregnat|beget|sperm|semen|partner|spouse|wife|couple|m[ae]n\b|males?\b)"
)


def _among_examples(tokens: Sequence[Token]) -> bool:
    """Whether a consent is only an example of a circumstance: "under guardianship (e.g. unable to give consent)"."""
    given = next(i for i, t in enumerate(tokens) if t.type == "CONSENT")
    return tokens[0].type in ("STATUS", "CIRCUMSTANCE") and any(t.type == "LPAR" for t in tokens[:given])


def _or_of_another(tokens: Sequence[Token]) -> bool:
    """Whether somebody else is named only where his consent will do as well: "(or that of a representative)"."""
    first = next(i for i, t in enumerate(tokens) if t.type == "SOMEBODY_ELSE")
    opened = next((i for i in range(first, -1, -1) if tokens[i].type == "LPAR"), None)
    if opened is None or tokens[opened + 1].type != "OR" or tokens[-1].type != "RPAR":
        return False
    return any(t.type == "CONSENT" for t in tokens[:opened])


_JOINTS: Final = frozenset(("AND", "OR", "ANDOR"))
_REASONS: Final = frozenset(("DUE_TO", "REGARDLESS"))
_DOING: Final = re.compile(  # what somebody does who is able to: "give consent or comply with the protocol"
    r"(?:to\s+|fully\s+|adequately\s+)*(?:participate|take|complete|comply|adhere|attend|follow|undergo|understand"
    r"|comprehend|read|write|speak|co-?operate|provide|give|obtain|perform|receive|answer|communicate|return|tolerate"
    r"|swallow|abide|agree|accept|meet|fulfill?|sign|use|make|keep|be|have)\b",
    re.IGNORECASE,
)


def _consented(tokens: Sequence[Token], context: Context, topic: _Topic, *, denied: bool) -> Draft:
    """A consent, and what is asked, or denied, in one breath with it."""
    start, end = tokens[0].start, tokens[-1].end
    given = max(i for i, t in enumerate(tokens) if t.type == "CONSENT")
    front = next((i for i in range(given - 1, 0, -1) if tokens[i].type in (("AND", "OR") if denied else ("AND",))), 0)
    if front and not all(_of_giving(t) for t in tokens[:front]):
        if denied:
            return _stated(tokens, context, topic)
        rest = _consented(tokens[front + 1 :], context, topic, denied=False)
        return all_of([_stated(tokens[:front], context, topic), rest]).placed(start, end)
    if not front and not denied and any(_DATED.match(context.text, t.start) for t in tokens[1:given]):
        return _stated(tokens, context, topic)  # "willing to fast from the time they sign consent"
    joint = _joint_behind(tokens, given)
    if joint is None:
        return _attribute("consent", start, end, denied)
    aside = tokens[joint - 1].type == "LPAR"
    closing = next((i for i in range(joint, len(tokens)) if aside and tokens[i].type == "RPAR"), len(tokens))
    consent = _attribute("consent", start, tokens[joint - 1 - aside].end, False)
    other = _stated(tokens[joint + 1 : closing], context, topic)
    every = all_of([consent, other])
    reason = denied and any(t.type in _REASONS for t in tokens[given:joint])
    if reason or (denied and not aside and tokens[joint].type != "AND"):
        return _not_able(tokens[given:joint], context, consent, other).placed(start, end)
    both = every if tokens[joint].type == "AND" else any_of([consent, other])
    if both is not every and any(t.type == "AND" for t in tokens[joint + 1 : closing]):
        both = ambiguous([both, every], "'and' and 'or' without punctuation")
    after = closing + 1 + sum(t.type in _JOINTS for t in tokens[closing + 1 : closing + 2])
    if tokens[after:]:
        both = all_of([both, _stated(tokens[after:], context, topic)])
    both = both.placed(start, end)
    return negated(both) if denied else both


_GIVING: Final = frozenset("ABLE UNABLE WILLING UNWILLING CONSENT AND OR SLASH COMMA MUST PERSON FILLER TO".split())
_DATED: Final = re.compile(r"(?:from|since|after|until|at) (?:the )?(?:time|day|date|moment|signing)\b", re.IGNORECASE)
_UNDERSTANDING: Final = re.compile(r"\b(?:understand|read|comprehend|legal|compet|mental|capab)", re.IGNORECASE)


def _of_giving(token: Token) -> bool:
    """Whether it says no more than that somebody understands and gives a consent."""
    said = str(token.value)
    return token.type in _GIVING or _is_consent_word(token) or _UNDERSTANDING.search(said) is not None


def _joint_behind(tokens: Sequence[Token], given: int) -> int | None:
    """Where something is joined to a consent, in parentheses or not: "(or thumbprint)", but not "(oral or written)".

    Behind a reason a comma joins, too: "unable to give consent because of A, B".
    """
    depth, joints = 0, _JOINTS
    for index in range(given + 1, len(tokens) - 1):
        kind = tokens[index].type
        depth += (kind == "LPAR") - (kind == "RPAR")
        if kind in _REASONS:
            joints = _JOINTS | {"COMMA"}
        inside = depth and tokens[index - 1].type != "LPAR"
        if kind in joints and not inside and not (kind == "COMMA" and tokens[index + 1].type in _JOINTS):
            return index
    return None


def _not_able(before: Sequence[Token], context: Context, consent: Draft, other: Draft) -> Draft:
    """ "Unable to give consent or comply", both of which are denied; "... or C": what C is, is open.

    ``before``: the consent and what stands between it and the "or"; where that is a reason, C may be one, too.
    """
    neither = negated(any_of([consent, other]))
    either = negated(all_of([consent, other]))
    besides = any_of([negated(consent), other])
    if any(t.type in _REASONS for t in before):
        return ambiguous([negated(consent), besides], "a reason among others, or one more alternative")
    if _DOING.match(context.text, other.start):
        return either
    return ambiguous([either, besides, neither], "what is denied with a consent, or one more alternative")


def _stated(tokens: Sequence[Token], context: Context, topic: _Topic) -> Draft:
    """A statement in the words of these tokens."""
    start, end = tokens[0].start, tokens[-1].end
    return _place(Statement(text=context.text[start:end], topic=topic), start, end)


def _contraception(tokens: Sequence[Token], context: Context) -> Token:
    start, end = tokens[0].start, tokens[-1].end
    at = next(i for i, t in enumerate(tokens) if t.type == "CONTRACEPTION")
    before = tokens[:at]
    if any(t.type == "NOT" for t in tokens[at:]):
        return _fact(unread(context.text, start, end))  # "contraception requirements do not apply to ..."
    about_another = any(t.type == "SOMEBODY_ELSE" for t in tokens) or _only_its_time(tokens, context)
    if about_another or not all(_practised(t) for t in before):
        return _fact(_place(Statement(text=context.text[start:end], topic="willingness"), start, end))
    return _agreed(tokens, context, False)


_PRACTICE: Final = frozenset(
    "practice practicing practise practising effective adequate double reliable means appropriate accepted continue "
    "highly barrier sexual sexually method methods measures employ employing utilize utilizing will correct comply "
    "recognized required protocol applicable remain implement perform protected protect medically acceptable approved "
    "follow form forms consistent consistently both two dual proven suitable sufficient strict efficient established "
    "routine agreed willing active abstinence appropriate type types least one kind conjunction combination specified "
    "contraceptive birth control study clinical trial locally regulatory recommended defined agreement maintain "
    "precaution precautions technique techniques continued options option guidance requirement requirements 1 2".split()
)
_NAMES: Final = frozenset("CONDITION TREATMENT ANALYTE UNIT TIMEUNIT NON DOT ROMAN EXCLUDED".split())


def _practised(token: Token) -> bool:
    """Whether a word before "contraception" leaves it what it is: "unreliable", "changes in" do not."""
    if token.type == "WORD":
        return set(str(token.value).split()) <= _PRACTICE
    return token.type not in _NAMES


def _agreed(tokens: Sequence[Token], context: Context, denied: bool) -> Token:
    """Contraception, and apart from it what it does not cover: donating sperm or eggs."""
    start, end = tokens[0].start, tokens[-1].end
    at = next((i for i, t in enumerate(tokens) if t.type == "AND" and _donation(tokens[i + 1 :], context)), None)
    if at is None or not any(t.type == "CONTRACEPTION" for t in tokens[:at]):
        return _fact(_attribute("contraception", start, end, denied))
    first = _attribute("contraception", start, tokens[at - 1].end, False)
    begin = tokens[at + 1].start
    second = _place(Statement(text=context.text[begin:end], topic="willingness"), begin, end)
    both = all_of([first, second])
    return _fact(negated(both) if denied else both)


def _donation(tokens: Sequence[Token], context: Context) -> bool:
    return bool(tokens) and "donat" in context.text[tokens[0].start : tokens[-1].end].lower()


def _attribute(attribute: Literal["consent", "contraception"], start: int, end: int, denied: bool) -> Draft:
    draft = _place(PatientAttribute(attribute=attribute), start, end)
    return negated(draft) if denied else draft


def _place(rule: Rule, start: int, end: int) -> Draft:
    return Draft(rule, start, end)


def _fact(draft: Draft) -> Token:
    return Token("FACT", StatementRead(draft), draft.start, draft.end)
