"""Tokens without what adds nothing: fillers, appositions, words that say again what stands beside them."""

from __future__ import annotations

from typing import Final

from eligibility.knowledge.attributes import in_blood
from eligibility.knowledge.qualifiers import Qualifier, qualifiers
from eligibility.knowledge.vocabulary import ANY_DRUG, Entry, texts, vocabulary
from eligibility.reading.lexing.tokens import BOUNDING, CLOSING, Token, is_performance_status, kind_at, past
from eligibility.reading.rewriting.abbreviations import LISTED
from eligibility.reading.rewriting.appositions import (
    IN_OTHER_WORDS,
    closes_clause,
    closing,
    is_apposition,
    is_same_length,
    limit_again,
    says_attribute_again,
    says_how_long_before,
)
from eligibility.reading.rewriting.evidence import TESTS, VERBS_OF_SHOWING, behind_diagnosing, behind_test, is_with
from eligibility.reading.rewriting.people import (
    PEOPLE,
    RUN_ON,
    as_adjectives,
    either_sex,
    in_states,
    inverted,
    of_any_kind,
    prefixed,
    says_sex_in_brackets,
)

__all__ = ["cleaned", "none_now"]


def cleaned(tokens: list[Token]) -> list[Token]:
    """Without fillers and appositions: "progressive multifocal leukoencephalopathy (PML)"."""
    found: list[Token] = []
    tokens = _of_people(_without_pairs(_without_fillers(_undashed(of_any_kind(tokens)))))
    shows = any(token.said in VERBS_OF_SHOWING or is_with(token) for token in tokens)
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token.type in BOUNDING and found and found[-1].type == token.type:
            index += 1  # "at least >= 18 years"
            continue
        if (
            token.type not in _CLEANED
            and token.said not in _CLEANED_WORDS
            and not isinstance(token.value, Entry)
            and not (shows and token.type in TESTS)
        ):
            found.append(token)
            index += 1
            continue
        token = _by_place(tokens, index, found)
        match token.type:
            case "LPAR":
                behind = _behind_parenthesis(tokens, index, found)
            case "COMMA":
                behind = _behind_comma(tokens, index, found)
            case "DASH":
                behind = _behind_dash(tokens, index, found)
            case _:
                behind = _behind_name(token, tokens, index, found, shows=shows) or _behind_word(
                    token, tokens, index, found
                )
        if behind:
            index = behind
            continue
        found.append(token)
        index += 1
    return found


def _undashed(tokens: list[Token]) -> list[Token]:
    """ "Asthma -OR- COPD": a connective without the dashes around it."""
    joints = {i for i in range(1, len(tokens) - 1) if tokens[i].type in ("AND", "OR", "ANDOR")}
    dashes = {at for i in joints if tokens[i - 1].type == tokens[i + 1].type == "DASH" for at in (i - 1, i + 1)}
    return [token for i, token in enumerate(tokens) if i not in dashes] if dashes else tokens


def _without_fillers(tokens: list[Token]) -> list[Token]:
    """The tokens without fillers; "chemotherapy only" keeps its last word."""
    tokens = _without_empty(_called_examples(_and_others(tokens)))
    return [
        Token("WORD", "only", t.start, t.end) if t.said == "only" and _alone(tokens, i) else t
        for i, t in enumerate(tokens)
        if t.type != "FILLER" or (t.said == "only" and _alone(tokens, i))
    ]


_BEGINS_WINDOW: Final = frozenset("WITHIN LAST BEFORE AFTER".split())


def _without_empty(tokens: list[Token]) -> list[Token]:
    """The tokens without parentheses, and what a comma parts from their end, in which fillers alone stand: "> common
    terminology criteria (CTCAE) grade 2", "(> grade 2, CTCAE)"."""
    found: list[Token] = []
    for token in tokens:
        before = next((i for i in range(len(found) - 1, -1, -1) if found[i].type != "FILLER"), len(found))
        bare = token.type == "RPAR" and before < len(found) - 1
        if bare and found[before].type in ("LPAR", "COMMA"):
            closed = found[before].type == "LPAR"
            del found[before:]
            if closed:
                continue
        found.append(token)
    return found


_EITHER_WAY: Final = (
    {"approved", "investigational"},
    {"symptomatic", "asymptomatic"},
    {"treated", "untreated"},
    {"controlled", "uncontrolled"},
)


def _without_pairs(tokens: list[Token]) -> list[Token]:
    """The tokens without pairs of attributes of which everything has one: "an approved or investigational vaccine"."""
    tokens = _without_her(tokens)
    if sum(token.type == "QUALIFIER" for token in tokens) < len(_EITHER_WAY[0]):
        return tokens
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        three = tokens[index : index + 3]
        if [t.type for t in three] in _PAIRED and {getattr(t.value, "name", "") for t in three[::2]} in _EITHER_WAY:
            index += 3
            if found and found[-1].type == "COMMA" and kind_at(tokens, index) == "COMMA":
                found.pop()  # "malignancy, treated or untreated, within 5 years": within them
                index += kind_at(tokens, index + 1) in _BEGINS_WINDOW
            continue
        found.append(tokens[index])
        index += 1
    return found


def _without_her(tokens: list[Token]) -> list[Token]:
    """The tokens with one word for somebody of either sex: "such that he/she could not understand it"."""
    if not any(token.said in _HIM_AND_HER for token in tokens):
        return tokens
    found: list[Token] = []
    for token in tokens:
        if len(found) > 1 and found[-1].type in _BETWEEN_THEM and _HIM_AND_HER.get(found[-2].said) == token.said != "":
            token = Token(token.type, token.value, found[-2].start, token.end, token.others)
            del found[-2:]
        found.append(token)
    return found


_HIM_AND_HER: Final = {"he": "she", "she": "he", "him": "her", "her": "him", "his": "her", "himself": "herself"}
_BETWEEN_THEM: Final = ("OR", "ANDOR", "SLASH")
_PAIRED: Final = [["QUALIFIER", joint, "QUALIFIER"] for joint in ("OR", "ANDOR", "SLASH")]


def _of_people(tokens: list[Token]) -> list[Token]:
    """The tokens, with the words for those whom they are about, and for the state these are in, as what they mean."""
    kinds = {t.type for t in tokens}
    if "NON" in kinds or not RUN_ON.keys().isdisjoint([t.said for t in tokens]):
        tokens = prefixed(tokens)
    if not kinds.isdisjoint(PEOPLE):
        tokens = inverted(either_sex(tokens))
    if len(tokens) > 1 and tokens[0].said == "*":
        tokens = tokens[1:]  # a mark of a list, with no space behind it
    if len(tokens) > 1 and tokens[0].said == "to" and tokens[1].said in ("be", "have"):
        tokens = tokens[1:]  # "To be at least 18 years old"
    if "DUE_TO" in kinds:
        tokens = _had_besides(tokens)
    if "ALLOWED" in kinds:
        tokens = as_adjectives(tokens)
    if "CONDITION" in kinds or "TREATMENT" in kinds:
        tokens = in_states(tokens)
    return tokens


def _had_besides(tokens: list[Token]) -> list[Token]:
    """ "(Patients) combined with diabetes", where it is besides nothing that is named: what they have."""
    at = next((i for i, token in enumerate(tokens) if token.type not in ("PERSON", "IS", "FILLER")), len(tokens))
    if at + 1 >= len(tokens) or tokens[at].said != "combined with":
        return tokens
    return [*tokens[:at], Token("PRESENCE", "presence of", tokens[at].start, tokens[at].end), *tokens[at + 1 :]]


def _by_place(tokens: list[Token], index: int, found: list[Token]) -> Token:
    """A token as what it is where it stands."""
    token = tokens[index]
    after = kind_at(tokens, index + 1)
    last = found[-1].type if found else ""
    clause = token.type == "INCLUDING" and token.said == "that is" and found and last not in _PARTED
    if clause and after not in ("", "COMMA"):
        return Token("IS", "that is", token.start, token.end)  # "a drug that is toxic to the lens"
    if token.type == "USE" and after and tokens[index + 1].said in ("disorder", "disorders"):
        return Token("WORD", str(token.value), token.start, token.end)  # "narcotic use disorder"
    if token.type == "USE" and token.said == "treated with" and after in ("NO", "WITHOUT"):
        return Token("QUALIFIER", qualifiers().find("treated"), token.start, token.end)  # "treated with no recurrence"
    if token.said == "should" and after and tokens[index + 1].said in _BARS:
        return Token("MAY", "should", token.start, token.end)  # "a condition that should preclude enrollment"
    if token.type == "MAY" and last == "ANALYTE" and after == "IS" and kind_at(tokens, index + 2) in BOUNDING:
        return Token("IS", token.said, token.start, token.end)  # "AST and ALT may be up to 5 x ULN"
    if token.said == "preceding":
        anchored = last in ("COMMA", "RPAR") and after in ("ANCHOR", "WEAK_ANCHOR")
        if anchored or (last == "TIMEUNIT" and after in _EVENTS):
            return Token("BEFORE", "before", token.start, token.end)  # "within 12 months preceding surgery"
    if token.said == "nor" and not any(t.type in _NEGATING for t in found):
        return Token("NOT", "nor", token.start, token.end)  # "women nor using contraception"
    if token.type == "AGE_UNIT_TAIL" and token.said == "old" and after == "CONDITION":
        return Token("WORD", "old", token.start, token.end)  # "old fracture"
    if token.type == "OTHER" and token.said == "secondary" and _beside_another(tokens, index, found):
        return Token("QUALIFIER", qualifiers().find("secondary"), token.start, token.end)
    return token


def _beside_another(tokens: list[Token], index: int, found: list[Token]) -> bool:
    """Whether it is one of two attributes of a disease: "primary or secondary osteoporosis"; no other malignancy."""
    before = [t.type for t in found[-2:]]
    if before[:1] != ["QUALIFIER"] or before[-1] not in ("OR", "AND", "ANDOR", "SLASH"):
        return False
    named = next((t.value for t in tokens[index + 1 : index + 3] if t.type == "CONDITION"), None)
    return isinstance(named, Entry) and not vocabulary().is_a("condition", named.name, "malignancy")


def _behind_parenthesis(tokens: list[Token], index: int, found: list[Token]) -> int:
    """Where to go on behind a parenthesis that adds nothing, or has been put with those found; 0 behind any other."""
    if [t.type for t in tokens[index + 1 : index + 4]] == _EVEN_SUSPECTED:
        return index + 4  # "infection (including suspected)": as one that is confirmed or suspected
    if not found:
        return 0
    last = found[-1]
    if says_attribute_again(last, tokens[index + 1 : index + 3]):
        found[-1] = Token(last.type, last.value, last.start, tokens[index + 2].end)
        return index + 3  # "MSI-high (MSI-H)"
    if last.type == "PERSON" and says_sex_in_brackets(tokens, index):
        sex = tokens[index + 1]
        found[-1] = Token(sex.type, sex.value, sex.start, sex.end)  # "subjects (female)"
        return index + 3
    if behind := _behind_history(tokens, index, found):
        return behind
    close = closing(tokens, index)
    if close is None:
        return 0
    inside = tokens[index + 1 : close]
    if _is_cause_of_some(inside):
        return close + 1
    if is_apposition(last, inside) or is_same_length(found[-2:], inside):
        return close + 1
    if says_how_long_before(inside, tokens[close + 1 : close + 2]):
        found += inside  # "a test (within 14 days) prior to enrolment"
        return close + 1
    return 0


def _behind_comma(tokens: list[Token], index: int, found: list[Token]) -> int:
    """As :func:`_behind_parenthesis`, of a comma."""
    if not found:
        return 0
    if found[-1].type == "COMMA":
        return index + 1  # of what stood between them nothing is left
    if kind_at(tokens, index + 1) == "LPAR" and closes_clause(tokens, index + 1):
        return index + 1  # "A <= 2 x ULN, (<= 5 x ULN if C)"
    if _is_before_limit(found[-1], kind_at(tokens, index + 1)):
        return index + 1
    if _is_cause_of_some(tokens[index + 1 :]) and all(token.type != "COMMA" for token in tokens[index + 3 :]):
        return len(tokens)
    if [t.type for t in found] == ["PERSON"] and kind_at(tokens, index + 1) in BOUNDING:
        return index + 1  # "patients, >= 18 years, with asthma"
    return _behind_history(tokens, index, found)


def _is_cause_of_some(words: list[Token]) -> bool:
    """Whether words give an example of what has caused it, which is asked of nobody: "(e.g., due to chemotherapy)"."""
    kinds = [token.type for token in words]
    cause = 2 if kinds[1:2] == ["COMMA"] else 1
    return kinds[:1] == ["INCLUDING"] and kinds[cause : cause + 1] == ["DUE_TO"] and _OF_CAUSES.issuperset(kinds)


_OF_CAUSES: Final = frozenset(
    "INCLUDING DUE_TO CONDITION TREATMENT QUALIFIER WORD COMMA OR AND ANDOR SLASH FILLER OTHER CURRENT HISTORY USE DOT "
    "SITE".split()
)


def _is_before_limit(name: Token, following: str) -> bool:
    """Whether no more than a comma stands between a name and its limit: "ECOG performance status, 0 or 1"."""
    if name.type != "ANALYTE" or not isinstance(name.value, Entry):
        return False
    return following in BOUNDING or (following == "NUMBER" and name.value.facts.get("type") == "performance")


def _behind_history(tokens: list[Token], index: int, found: list[Token]) -> int:
    """Where "thrombosis, current or previous" ends, with its last words put with those found; 0 where it says else."""
    if kind_at(tokens, index + 1) != "HISTORY" or (behind := _whenever(tokens, index, found)) is None:
        return 0
    found.append(tokens[index + 1])
    return behind


def _behind_dash(tokens: list[Token], index: int, found: list[Token]) -> int:
    """Where to go on behind a hyphen that is left of a word; 0 behind any other."""
    if not found or found[-1].end != tokens[index].start:
        return 0
    hanging = found[-1].type == "WORD" and kind_at(tokens, index + 1) in ("OR", "AND", "ANDOR", "SLASH")
    if hanging or found[-1].type in ("AFTER", "BEFORE"):
        return index + 1  # "hypo- or hyperthyroidism", "at least 6 months post- surgery"
    return 0


def _behind_name(token: Token, tokens: list[Token], index: int, found: list[Token], *, shows: bool) -> int:
    """As :func:`_behind_parenthesis`, of what is measured, used or tested. ``shows``: something is said to be shown."""
    following = tokens[index + 1] if index + 1 < len(tokens) else token
    named = token.value.name if isinstance(token.value, Entry) else ""
    if named == "concomitant medication" and is_with(following):
        found.append(Token("CURRENT", "concurrent", token.start, following.start))  # "concurrent therapy with A"
        found.append(Token("USE", "use of", following.start, following.end))
        return index + 2
    if named == ANY_DRUG and is_with(following) and _is_of_drug(tokens, index + 2):
        found.append(Token("USE", "use of", token.start, following.end))  # "current medication with methotrexate"
        return index + 2
    if token.type == "ANCHOR" and is_with(following) and _begins_use(tokens, index, found):
        found.append(Token("USE", "initiation of", token.start, following.end))
        return index + 2
    if token.type == "ANCHOR" and token.said == "screening" and _names_disease(tokens, index + 1, found):
        found.append(Token("CURRENT", "current", token.start, token.end))  # "baseline peripheral neuropathy"
        return index + 1
    if token.type == "ANCHOR" and is_with(following) and kind_at(tokens, index + 2) == "WEAK_ANCHOR":
        found.append(Token("ANCHOR", token.value, token.start, tokens[index + 2].end))
        return index + 3  # "the start of treatment with the study drug"
    if shows and token.type in TESTS and (shown := behind_test(tokens, index)):
        found.append(Token("PRESENCE", "evidence of", token.start, tokens[shown - 1].end))
        return shown
    general = named == "performance status"
    if (token.said == "ps" or general) and found and is_performance_status(found[-1]):
        return index + 1  # "ECOG PS", "ECOG (Eastern Cooperative Oncology Group) performance status"
    if is_performance_status(token) and not general and (at := _general_before(found)) is not None:
        start = found[at].start  # "performance status as per Karnofsky"
        found[at:] = [Token(token.type, token.value, start, token.end)]
        return index + 1
    if token.type == "ANALYTE" and (share := _of_the_weight(token, found)) is not None:
        del found[share:]  # "weight loss > 10% of body weight"
        return index + 1
    if token.type == "ANALYTE" and (drawn := _behind_blood(tokens, index)):
        found.append(token)  # "HBsAg in serum"
        return drawn
    if token.type == "ANALYTE" and (part := _part_of(tokens, index)) is not None:
        return part  # "blood pressure: systolic > 150 mmHg"
    return 0


def _behind_blood(tokens: list[Token], index: int) -> int:
    """Where words end that say of an analyte that it is in blood, where else it would not be looked for; 0 without."""
    entry, at = tokens[index].value, index + 1
    if kind_at(tokens, at) != "WITHIN" or tokens[at].said not in ("in", "in the"):
        return 0
    at += 2 if at + 1 < len(tokens) and tokens[at + 1].said == "peripheral" else 1
    drawn = at < len(tokens) and tokens[at].type == "WORD" and tokens[at].said in ("blood", "serum", "plasma")
    return at + 1 if drawn and isinstance(entry, Entry) and in_blood(entry) else 0


def _begins_use(tokens: list[Token], index: int, found: list[Token]) -> bool:
    """Whether what begins is a treatment by its name, at the start of a clause: "initiation of treatment with statins";
    "before initiation of treatment with A" is a time."""
    if found and found[-1].type not in _OPENING:
        return False
    named = next((t for t in tokens[index + 2 : index + 6] if t.type not in ("FILLER", "QUALIFIER", "WORD")), None)
    return named is not None and named.type == "TREATMENT"


def _is_of_drug(tokens: list[Token], at: int) -> bool:
    """Whether drugs are named there, and no effect that a drug has: "(medication) with sedative effects"."""
    at = past(tokens, at, "QUALIFIER", "FILLER", "ANY")
    return kind_at(tokens, at) == "TREATMENT" and kind_at(tokens, at + 1) not in ("WORD", "TREATMENT", "TEST_WORD")


def _names_disease(tokens: list[Token], at: int, found: list[Token]) -> bool:
    """Whether a disease stands there, and no value of it: "baseline hearing loss", but not "baseline pain score"; and
    what precedes says of no time that it is then: "before baseline"."""
    if found and found[-1].type in _RELATING:
        return False
    while kind_at(tokens, at) in ("QUALIFIER", "SITE") or _shares_head(tokens, at):
        at += 1
    behind = kind_at(tokens, at + 1)
    if kind_at(tokens, at) != "CONDITION" or behind in ("TEST_WORD", "NUMBER", "ANALYTE"):
        return False
    return behind not in BOUNDING or kind_at(tokens, at + 2) != "NUMBER"


def _shares_head(tokens: list[Token], at: int) -> bool:
    """Whether a word, or what joins it, stands before the name that it shares: "sensory or motor neuropathy"."""
    joint = at + (kind_at(tokens, at) == "WORD")
    return kind_at(tokens, joint) in ("OR", "AND") and kind_at(tokens, joint + 1) == "CONDITION"


_PLUS_MINUS: Final = ("+/-", "±")
_HAD: Final = ("TREATMENT", "CONDITION")
_NAMED_BESIDES: Final = (*_HAD, "QUALIFIER", "PRIOR", "WORD")
_RELATING: Final = frozenset("BEFORE AFTER AT_ANCHOR FROM SINCE COUNTED_TO TO WITHIN OF ANCHOR DURING".split())
_OPENING: Final = frozenset("PERSON IS NO SEMI COLON DOT HISTORY PLANNED".split())
_FOR_WHOM: Final = frozenset(("for", "to", "in", "if"))
_PARTING: Final = frozenset(("LPAR", "COMMA", "SEMI", "DASH", "COLON"))


def none_now(tokens: list[Token], joint: int) -> bool:
    """Whether "and no concurrent" stands there behind "at least 4 weeks since prior", which reach up to now."""
    kinds = [token.type for token in tokens[joint - 1 : joint + 3]] if joint else []
    return kinds == ["SINCE", "AND", "NO", "CURRENT"] or (
        kinds == ["SINCE", "AND", "NO", "OTHER"] and tokens[joint + 2].said == "other concurrent"
    )


def _behind_word(token: Token, tokens: list[Token], index: int, found: list[Token]) -> int:
    """As :func:`_behind_parenthesis`, of words that name nothing."""
    following = tokens[index + 1] if index + 1 < len(tokens) else token
    after = [t.type for t in tokens[index + 1 : index + 3]]
    last = found[-1].type if found else ""
    if none_now(tokens, index):
        return index + 3
    if is_with(token) and following.type == "WITHOUT" and str(following.value) == "and without":
        found.append(Token("REGARDLESS", "with or without", token.start, following.end))
        return index + 2
    if token.said in _PLUS_MINUS and last in _HAD and following.type in _NAMED_BESIDES:
        found.append(Token("REGARDLESS", "with or without", token.start, token.end))
        return index + 1  # "rituximab +/- chemotherapy"
    if token.said == "diagnosed" and token.type == "DIAGNOSIS" and (named := behind_diagnosing(tokens, index)):
        found.append(Token("DIAGNOSIS", "diagnosed with", token.start, tokens[named - 1].end))
        return named
    if token.said == "h" and [t.said for t in tokens[index + 1 : index + 3]] == ["/", "o"]:
        found.append(Token("HISTORY", "history of", token.start, tokens[index + 2].end))
        return index + 3
    if token.type == "HISTORY" and token.said.startswith("with ") and last in _HAD:
        behind = token.start + len("with ")  # "active wheezing with a history of asthma": it is that of what follows
        found += [Token("IS", "with", token.start, behind - 1), Token("HISTORY", "history of", behind, token.end)]
        return index + 1
    if token.said == "n" and following.said == "/" and (not found or found[-1].type in _PARTING):
        whom = tokens[index + 2] if index + 2 < len(tokens) else token  # the "a" is gone as an article
        if whom.said in _FOR_WHOM:  # "(N/A for women)": unless they are
            found.append(Token("UNLESS", "not applicable for", token.start, whom.end))
            return index + 3
    if token.type == "PRESENCE" and following.type in ("GE", "NUMBER") and _counts(tokens[index + 1 : index + 4]):
        return index + 1  # "presence of at least one measurable lesion"
    if token.said == "history of any" and following.type == "OF_FOLLOWING":
        found.append(Token("HISTORY", "history of", token.start, token.end))
        found.append(Token("ANY_OF", "any of the following", following.start, following.end))
        return index + 2
    if following.said == "whom" and any(t.type == "SINCE" for t in tokens[index + 2 : index + _TO_SINCE]):
        found.append(Token("IS", "who are", token.start, following.end))
        return index + 2  # "patients for whom at least 4 weeks have passed since surgery"
    if token.type == "BOTH" and (last in _BEFORE_BOTH or _names_two(found)):
        if last == "COMMA":
            found.pop()  # "AST and ALT, both < 3 x ULN"
        return index + 1
    if token.said == "at" and after == ["OR", "WITHIN"]:
        return index + 2  # "at or within 30 days of screening"
    if token.type == "LAST" and following.type == "TIMEUNIT" and _counted(found):
        within = found[-2]  # "in the 5 previous years"
        found[-2:] = [Token("LAST", "in the last", within.start, within.end), found[-1]]
        return index + 1
    if token.type == "CONTRAINDICATION" and found and found[-1].said in _CONTRAINDICATED:
        found[-1] = Token(token.type, token.value, found[-1].start, token.end)  # "absolute contraindications to"
        return index + 1
    if token.type == "NOT" and following.type == "QUALIFIER" and (denied := _denied(found, tokens, index)):
        found.append(denied)  # "a malignancy that is not in remission"
        return index + 2
    if token.type == "INCLUDING" and token.said in IN_OTHER_WORDS and (at := limit_again(tokens, index)) is not None:
        if last == "COMMA":
            found.pop()  # "toxicity, i.e., grade >= 2"
        return at
    if token.said == "disease" and _of_its_disease(found):
        return index + 1  # "lung cancer with extensive-stage disease"
    if token.said in _TUMORS and last not in _NARROWING and (borne := _borne(tokens, index)):
        found.append(Token("PRESENCE", "evidence of", token.start, tokens[borne].start))
        return borne  # "a tumor that harbors a BRAF mutation"
    return 0


def _borne(tokens: list[Token], index: int) -> int:
    """Where a biomarker stands that a tumor is said to have; 0 where it is said to have none."""
    at = index + 1
    while at < len(tokens) and (tokens[at].type in ("IS", "THAT") or tokens[at].said in _BEARING):
        at += 1
    named = past(tokens, at, "KNOWN", "POSITIVE", "NEGATIVE", "PRESENCE")
    marker = tokens[named].value if kind_at(tokens, named) == "ANALYTE" else None
    shown = at > index + 1 or kind_at(tokens, at) in ("POSITIVE", "NEGATIVE")
    lasts = isinstance(marker, Entry) and marker.facts.get("type") == "test" and bool(marker.facts.get("lasting"))
    return at if shown and lasts else 0


_TUMORS: Final = ("tumor", "tumors", "tumour", "tumours")  # no set: a name has no hash
_BEARING: Final = ("harbor", "harbors", "harbour", "harbours", "carry", "carries", "bear", "bears", "tissue", "sample")
_NARROWING: Final = ("WORD", "QUALIFIER", "CONDITION", "TREATMENT", "ANALYTE", "NUMBER")


def _names_two(found: list[Token]) -> bool:
    """Whether the names of two measurements stand last, joined by "and" or a slash."""
    kinds = [t.type for t in found[-4:] if t.type != "COMMA"][-3:]
    return kinds in (["ANALYTE", "AND", "ANALYTE"], ["ANALYTE", "SLASH", "ANALYTE"])


def _of_the_weight(token: Token, found: list[Token]) -> int | None:
    """Where the words begin that say of what a loss of weight is a part: of the weight; None where they are others."""
    if not isinstance(token.value, Entry) or token.value.name != "weight":
        return None
    at = len(found)
    while at and (found[at - 1].type == "OF" or found[at - 1].said in _USUAL):
        at -= 1
    if not at or found[at - 1].type != "UNIT" or found[at - 1].said != "%":
        return None
    lost = any(isinstance(t.value, Entry) and t.type == "CONDITION" and "weight" in t.value.name for t in found)
    return at if lost else None


_USUAL: Final = frozenset(
    "total initial original baseline usual normal premorbid pretreatment previous current".split()
)


def _part_of(tokens: list[Token], index: int) -> int | None:
    """Where the first part of a value that has two is named, behind the name of the whole and a colon; None where it is
    none of its parts."""
    if [token.type for token in tokens[index + 1 : index + 3]] != ["COLON", "ANALYTE"]:
        return None
    whole, part = tokens[index].value, tokens[index + 2].value
    known = isinstance(whole, Entry) and isinstance(part, Entry) and part.name in texts(whole.facts.get("pair"))
    return index + 2 if known else None


def _whenever(tokens: list[Token], index: int, found: list[Token]) -> int | None:
    """Where the words end that say of the only name before them that it is or has been: "(past or present)"."""
    if tokens[index].type not in ("COMMA", "LPAR"):
        return None
    if " or " not in tokens[index + 1].said or any(token.type in LISTED for token in found):
        return None
    end = index + 2
    if tokens[index].type == "LPAR":
        return end + 1 if [token.type for token in tokens[end : end + 1]] == ["RPAR"] else None
    return end if end == len(tokens) or tokens[end].type in ("DOT", "SEMI") else None


def _called_examples(tokens: list[Token]) -> list[Token]:
    """A parenthesis that begins with the word for it as the examples that it holds: "(example, gout or lupus)"."""
    if all(token.said != "example" for token in tokens):
        return tokens
    found: list[Token] = []
    for index, token in enumerate(tokens):
        enclosed = index > 0 and tokens[index - 1].type == "LPAR"
        marked = index + 1 < len(tokens) and tokens[index + 1].type in _AFTER_WORD
        if token.said == "example" and enclosed and marked:
            found.append(Token("INCLUDING", "e g", token.start, token.end))
        elif not (token.type in _AFTER_WORD and found and found[-1].type == "INCLUDING" and found[-1].value == "e g"):
            found.append(token)
    return found


_AFTER_WORD: Final = frozenset(("COMMA", "COLON"))


def _and_others(tokens: list[Token]) -> list[Token]:
    """What ends in "etc." in parentheses as the examples that it is: "(diabetes, gout, etc.)"."""
    found = _others_at_end(tokens)
    ends = [i for i, t in enumerate(found[:-1]) if t.said.startswith("etc") and found[i + 1].type == "RPAR"]
    for end in reversed(ends):
        begin = next((i for i in range(end - 1, -1, -1) if tokens[i].type in ("LPAR", "RPAR")), None)
        if begin is not None and tokens[begin].type == "LPAR" and tokens[begin + 1].type in _NAMED_FIRST:
            at = tokens[begin].end
            found.insert(begin + 1, Token("INCLUDING", "e g", at, at))
    return found


def _others_at_end(tokens: list[Token]) -> list[Token]:
    """The tokens with "and others" at the end of a parenthesis as the "etc." that it is."""
    found = list(tokens)
    for at in range(len(tokens) - 1, 1, -1):
        if tokens[at].type == "RPAR" and tokens[at - 1].said in _OTHERS and tokens[at - 2].type in _BEFORE_OTHERS:
            begin = at - 2 - (tokens[at - 3].type == "COMMA")
            found[begin:at] = [Token("FILLER", "etc", tokens[begin].start, tokens[at - 1].end)]
    return found


_OTHERS: Final = frozenset(("other", "others"))
_BEFORE_OTHERS: Final = frozenset(("AND", "OR", "ANDOR", "COMMA"))
_NAMED_FIRST: Final = frozenset(("CONDITION", "TREATMENT", "QUALIFIER"))
_EVEN_SUSPECTED: Final = ["INCLUDING", "SUSPECTED", "RPAR"]


def _counts(ahead: list[Token]) -> bool:
    """Whether it is said how many there must be of what is counted."""
    return [t.type for t in ahead][-1:] == ["EXISTS"] or [t.type for t in ahead[:2]] == ["NUMBER", "EXISTS"]


def _general_before(found: list[Token]) -> int | None:
    """Where a performance status on no scale stands at the end, or before "as per"; None where it does not."""
    at = len(found) - 1
    while at >= 0 and found[at].said in _SCALED_BY:
        at -= 1
    value = found[at].value if at >= 0 else None
    return at if isinstance(value, Entry) and value.name == "performance status" else None


_CONTRAINDICATED: Final = frozenset("absolute medical obvious relative clear formal specific definite general".split())
_SCALED_BY: Final = ("as", "per", "by", "according to", "on", "of")
_NEGATING: Final = frozenset("NOT NO WITHOUT NOR MUST_NOT UNABLE UNWILLING".split())


def _alone(tokens: list[Token], index: int) -> bool:
    """Whether a word says that there is nothing else: "chemotherapy only", "patients with only liver metastases"."""
    before, after = kind_at(tokens, index - 1) if index else "", kind_at(tokens, index + 1)
    return (before in _HAD and after in ("", "DOT", "SEMI")) or (before in _HAVING and after == "CONDITION")


_HAVING: Final = frozenset(("IS", "WITH"))


def _denied(found: list[Token], tokens: list[Token], index: int) -> Token | None:
    """An attribute that is denied of the name before it, as one; None where nothing is named, or more is said."""
    relative = bool(found) and (found[-1].type in ("IS", "THAT") or tokens[index].said in ("is not", "are not"))
    named = next((t for t in reversed(found) if t.type not in ("IS", "THAT", "FILLER", "WITH")), None)
    attribute = tokens[index + 1]
    behind = tokens[index + 2].type if index + 2 < len(tokens) else "DOT"
    known = attribute.value
    if not relative or not isinstance(known, Qualifier):
        return None
    by_treatment = known.axis == "control" and kind_at(tokens, index + 3) == "TREATMENT"  # "not controlled with A"
    if behind not in CLOSING and not by_treatment:
        return None
    if named is None or named.type != "CONDITION":
        return None
    said = f"not {known.name}"
    denied = qualifiers().find(said) or Qualifier(said, known.axis)
    return Token("QUALIFIER", denied, tokens[index].start, attribute.end)


def _counted(found: list[Token]) -> bool:
    return [token.type for token in found[-2:]] == ["WITHIN", "NUMBER"]


def _of_its_disease(found: list[Token]) -> bool:
    """Whether an attribute stands behind a disease and "with", so that "disease" behind it is that disease."""
    with_attribute = len(found) > 2 and found[-1].type == "QUALIFIER" and found[-2].type in ("WITH", "IS")
    return with_attribute and found[-3].type == "CONDITION"


_EVENTS: Final = frozenset(("TREATMENT", "CONDITION"))
_PARTED: Final = frozenset("COMMA SEMI LPAR DASH COLON".split())
_CLEANED: Final = frozenset(
    "AND BOTH INCLUDING DASH IS USE COMMA CONTRAINDICATION NOT LPAR AGE_UNIT_TAIL DIAGNOSIS PRESENCE HISTORY "
    "LAST ANCHOR MAY".split()
)
_TO_SINCE: Final = 8
_CLEANED_WORDS: Final = frozenset(
    ("should", "preceding", "nor", "ps", "disease", *_TUMORS, "h", "n", "at", "for", "in", "secondary", *_PLUS_MINUS)
)
_BEFORE_BOTH: Final = frozenset("MUST IS HISTORY USE ALLERGY CONTRAINDICATION INTOLERANT DIAGNOSIS PRESENCE".split())
_BARS: Final = ("preclude", "prevent", "prohibit", "contraindicate")  # no set: a name has no hash
