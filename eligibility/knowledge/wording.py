"""What a sentence says, whoever it is put to: for matching an answer with the words of a criterion.

Two texts say the same if their words are the same after case, punctuation, spelling, a leading "Patients must", and
plain negation: ``statement("Patients must be able to swallow")`` equals ``statement("Ability to swallow")``, and
``statement("unable to swallow")`` is their opposite. Nothing is matched by similarity. Negation is taken off only
where it covers all that follows: the opposite of "not pregnant and willing to travel" is not "pregnant and willing to
travel".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from eligibility.knowledge import words

__all__ = [
    "EDGES",
    "NEGATIONS",
    "Wording",
    "begins_clause",
    "begins_negated",
    "effect",
    "find",
    "is_by_law",
    "is_now",
    "is_reference",
    "is_somebody",
    "of_one_sex",
    "statement",
    "tokens",
    "undone",
    "without_asides",
    "without_explanations",
]

# a sign that compares is a word: "<= 3 months" is not ">= 3 months"; so is a sign after a name: "HER2+"
_TOKEN: Final = re.compile(
    rf"{words.WORD.pattern}|[<>]\s*/?\s*=|=\s*[<>]|[<>≤≥⩽⩾=±]|(?<=\w)[+\-](?![\w])|(?<![\w)])[\-](?=\d)|[%+]"
)
_SIGNS: Final = {"≤": "<=", "⩽": "<=", "=<": "<=", "</=": "<=", "≥": ">=", "⩾": ">=", "=>": ">=", ">/=": ">="}

_WHO: Final = frozenset(
    words.keys("patient subject participant individual person people woman man female male volunteer he she they")
)
_SEXES: Final = frozenset(words.keys("woman man female male"))
_BEFORE_WHO: Final = frozenset(
    ("the", "a", "an", "all", "any", "each", "every", "this", "these", "study", "trial", "eligible", "potential")
)
_ARTICLES: Final = frozenset(("a", "an", "the", "any"))
_FILLER: Final = frozenset(
    (
        "who",
        "whose",
        "that",
        "must",
        "should",
        "shall",
        "be",
        "being",
        "is",
        "are",
        "am",
        "has",
        "have",
        "having",
        "with",
        "he",
        "she",
        "they",
    )
)
_MOST_BEFORE_WHO: Final = 3  # words with those of whom they are said
_ANYBODY: Final = _WHO - _SEXES
_OF_WHOM: Final = frozenset(("for", "in", "on", "from", "of", "with"))
_BETWEEN_NOUNS: Final = _ARTICLES.union(_OF_WHOM)
_TO_BEFORE: Final = frozenset(("has", "have", "need", "required"))
_NOT: Final = frozenset(("no", "not", "without"))
_NOT_OF: Final = {"lack": ("of",), "absence": ("of",), "free": ("of", "from")}
_WAS: Final = frozenset(("was", "were", "will"))  # behind "there"
_DO: Final = frozenset(("do", "does"))
_SHORT: Final = {
    "cannot": ("not", "can"), "cant": ("not", "can"), "dont": ("not",), "doesnt": ("not",), "isnt": ("not",),
    "arent": ("not",), "hasnt": ("not",), "havent": ("not",),
}  # fmt: skip
_POWER: Final = {
    words.key(word): (word_of, negated)
    for word, word_of, negated in (
        ("able", "able", False), ("ability", "able", False), ("can", "able", False),
        ("unable", "able", True), ("inability", "able", True), ("impossibility", "able", True),
        ("willing", "willing", False), ("willingness", "willing", False),
        ("unwilling", "willing", True), ("unwillingness", "willing", True),
    )
}  # fmt: skip
_SAME: Final = {"agreement": "agree", "agreeing": "agree"}

# after these "no" and "not" are no negation of what follows: "no more than", "not only"
_QUANTITY: Final = frozenset(
    words.keys("more less fewer greater higher lower longer later earlier older younger only exceeding limited yet")
)
# where one of these follows "and", "or" or a comma, a new clause begins, which a negation before it does not reach
_CLAUSE: Final = (
    _FILLER | _NOT | frozenset(_NOT_OF) | _DO | _WHO | frozenset(_POWER) | frozenset(_SHORT)
    | frozenset(words.keys("agree was were had can could will would may might need use plan"))
) - {"with"}  # fmt: skip
_BREAKS: Final = frozenset(("but", "unless", "however", "if", "except", "although", "though", "because", "while"))
_MOST_FILLER: Final = 24  # words before a statement begins; more is no sentence
EDGES: Final = " \t\n;:,."  # what closes a bullet is no end of a clause in it
_STOP: Final = re.compile(r"[;:\n]|(?<!\b[A-Z])[.!?]\s+\S")  # "E. coli" is no two sentences
_UNABLE: Final = frozenset(word for word, (_, negated) in _POWER.items() if negated)
_NEGATORS: Final = _NOT | frozenset(_NOT_OF) | frozenset(_SHORT) | {"non", "un", "never", "neither", "nor", "absent"}

NEGATIONS: Final = _NEGATORS | _UNABLE

# an aside that may be left out: an explanation, or the abbreviation of what stands before it
_ASIDE: Final = re.compile(
    r"\s*\((?:(?:i\.?\s?e\.?|e\.?\s?g\.?|for example|such as|that is|including(?:\s+but\s+not\s+limited\s+to)?)[\s,:]"
    r"[^()]*|[^()]*\betc\.?|[A-Z][A-Za-z]{0,2}[A-Z]s?)\)"
)

# after a statement: by whose rules it is to be told
_REFERENCE: Final = re.compile(
    r"[\s,(]*(?:as\s+)?(?:per|according\s+to|in\s+accordance\s+with|(?:defined|measured|assessed)\s+(?:by|per))\s+"
    r"(?P<whose>[^;:.\n]*(?:\.\d[^;:.\n]*)*)\.?\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of a statement without its plain negation, and whether it was negated."""

    words: tuple[str, ...]
    negated: bool = False

    def says(self, other: Wording) -> bool | None:
        """``True`` if this says the same as the other, ``False`` if the opposite, ``None`` if something else."""
        return None if self.words != other.words else self.negated == other.negated


@lru_cache(maxsize=65536)
def statement(text: str) -> Wording:
    """What a text says."""
    return _read([word for word, _, _ in _tokens(text)], text)


@lru_cache(maxsize=16384)
def tokens(text: str) -> tuple[str, ...]:
    """The words of a text in the form in which they are compared."""
    return tuple([word for word, _, _ in _tokens(text)])


def without_asides(text: str) -> str:
    """The text with blanks for what only explains: "(e.g. ...)", and the abbreviation of what stands before it."""
    return _ASIDE.sub(lambda aside: " " * len(aside.group()), text) if "(" in text else text


@lru_cache(maxsize=16384)
def without_explanations(text: str) -> str:
    """The text with blanks for its asides, for the examples that it ends with, and for who has to judge it."""
    bare = without_asides(text)
    for explains in (_BY_JUDGE, _EXAMPLES):
        bare = explains.sub(lambda found: " " * len(found.group()), bare)
    return bare


_WHO_JUDGES: Final = (
    r"(?:the\s+|an?\s+)?(?:(?:site|local|treating|principal|study|responsible)\s+)*"
    r"(?:investigator|physician|clinician|PI|doctor)s?"
)
_JUDGEMENT: Final = r"(?:opinion|judge?ment|discretion|view|assessment)"
_BY_JUDGE: Final = re.compile(
    rf",?\s*\b(?:(?:in|at|per|as\s+per|according\s+to)\s+(?:the\s+)?{_JUDGEMENT}\s+of\s+{_WHO_JUDGES}"
    rf"|(?:as\s+)?(?:judged|determined|deemed|assessed|considered)\s+by\s+{_WHO_JUDGES}|(?:as\s+per|per|according\s+to)\s+{_WHO_JUDGES}"
    rf"|(?:in|at|per|as\s+per)\s+{_WHO_JUDGES}['’]s?\s+{_JUDGEMENT})(?=\s*(?:[,.;]|$)),?",
    re.IGNORECASE,
)
_EXAMPLES: Final = re.compile(  # to the end, and nothing in them that may be asked of all
    r"[,;]?\s*(?:\be\.?\s?g\b\.?|\bfor\s+(?:example|instance)\b|\bsuch\s+as\b)"
    r"(?:(?!\b(?:unless|except|must|who|that|which|within|if|for\s+at|requiring|and)\b)[^.;:\d])*\.?\s*\Z",
    re.IGNORECASE,
)


def is_reference(rest: str) -> bool:
    """Whether the words after a statement only name the rules by which it is told: "as per RECIST 1.1"."""
    match = _REFERENCE.fullmatch(rest)
    return match is not None and not ((_CLAUSE - _WHO) | _BREAKS).intersection(tokens(match["whose"]))


def is_by_law(rest: str) -> bool:
    """Whether the words after a statement only say by which law: "in accordance with local privacy regulations"."""
    return _LAW.fullmatch(rest) is not None


_LAW: Final = re.compile(
    r"[\s,(]*(?:as\s+required\s+by|(?:as\s+)?per|according\s+to|in\s+(?:accordance|compliance|keeping)\s+with)\s+"
    r"(?:[\w/-]+\s+){0,8}(?:regulations?|laws?|legislation|guidelines?|requirements?|policy|policies|GCP|ICH)[\s).]*",
    re.IGNORECASE,
)


def effect(text: str, *, alone: bool = False) -> tuple[str, ...] | None:
    """What a clause says that something does or may do: "that could affect compliance" is "affect compliance".

    ``alone``: the words are no clause that depends on others: "interferes with absorption". ``None`` of other words.
    """
    said = tokens(text)
    if not alone and said[:1] not in (("that",), ("which",)):
        return None
    start = 0
    while start < len(said) and said[start] in _MODAL:
        start += 1
    rest = said[start:]
    if _NEGATORS.intersection(said) or len(rest) < _LEAST_EFFECT:
        return None
    return tuple([word for word in rest if word not in _ARTICLES])


_MODAL: Final = frozenset(
    words.keys("that which could may might would can will is are be has have expected likely known able to potentially")
)
_LEAST_EFFECT: Final = 2


def begins_negated(text: str) -> bool:
    """Whether a text begins with a negation, whether it reaches over all of it or not: "no A and no B"."""
    said = list(statement(text).words)
    while said and said[0] in _AUXILIARY:
        said = said[1:]
    return bool(said) and said[0] in _BEFORE_ALL and _QUANTITY.isdisjoint(said[1:2])


_AUXILIARY: Final = frozenset(words.keys("did was were had shall should must been be"))
_BEFORE_ALL: Final = frozenset(("no", "not", "without", "never"))


def begins_clause(word: str) -> bool:
    """Whether a clause of its own may begin with this word, behind "and", "or" or a comma."""
    return word in _CLAUSE


def is_somebody(word: str) -> bool:
    """Whether this is a word for those whom a criterion is about: "patients", "women"."""
    return word in _WHO


@lru_cache(maxsize=16384)
def undone(text: str) -> tuple[tuple[str, ...], bool] | None:
    """The words of things of which it is said that something has, or has not, been done, and whether it has not.

    "Toxicities that have not resolved to grade 1" are not "toxicities resolved to grade 1". ``None`` where a text says
    more than that: it has other verbs, or more negations.
    """
    text = _BY_THEN.sub("", text)
    said = [word for word in statement(text).words if word not in _HAVING_BEEN]
    places = [index for index, word in enumerate(said) if word in _NEGATORS]
    bare = tuple([word for word in said if word not in _NEGATORS])
    first = next((index for index, word in enumerate(bare) if word in _DONE), None)
    if first is None or len(places) > 1 or (places and places[0] != first):
        return None
    if statement(text).negated or _STOP.search(text.strip()) or not first:
        return None
    return None if (_CLAUSE | _BREAKS).intersection(bare) else (bare, bool(places))


def is_now(rest: str) -> bool:
    """Whether the words after a statement only say that it is asked when all is: "at screening", "at visit 1"."""
    return _THEN.fullmatch(rest) is not None


_THEN: Final = re.compile(
    r"[\s,]+at\s+(?:the\s+)?(?:time\s+of\s+)?(?:study\s+)?(?:screening|baseline|enrol+ment|inclusion|entry|randomi[sz]ation)"
    r"(?:\s+visit)?\W*|[\s,]+at\s+(?:the\s+)?(?:screening\s+)?visit\s+(?:1|one)\W*",
    re.IGNORECASE,
)
_HAVING_BEEN: Final = frozenset(words.keys("that which who have has had is are was were been be yet"))
_BY_THEN: Final = re.compile(  # when a criterion is asked about, whatever it says
    r"\s+(?:before|prior\s+to|by|at)\s+(?:the\s+)?(?:study\s+)?(?:randomi[sz]ation|enrol+ment|inclusion|entry|screening|registration)"
    r"(?:\s+(?:into|in|to)\s+(?:the\s+|this\s+)?(?:study|trial))?\W*$",
    re.IGNORECASE,
)
_DONE: Final = frozenset(
    words.keys(
        "resolved recovered controlled corrected healed treated improved stabilized returned subsided removed completed"
    )
)


@lru_cache(maxsize=16384)
def of_one_sex(text: str) -> frozenset[str]:
    """The words before a statement that say whether it is about women or men: "Women who travel"."""
    said = [word for word, _, _ in _tokens(text)]
    return _SEXES.intersection(said[: len(said) - len(_without_who(said))])


def find(part: str, text: str) -> list[tuple[int, int]]:
    """Where a text says what the part says, or its opposite: spans of characters, in order.

    A span takes in a negation directly before the words, so that ``statement(text[start:end]).says(statement(part))``
    tells whether it is there or its opposite. Words after a negation that is more than that ("no more than",
    "non-Hodgkin") are not found; one that stands farther off is for the caller to know. Asides, "(i.e. ...)", may be
    left out of the part.
    """
    return list(_find(part, text))


@lru_cache(maxsize=16384)
def _find(part: str, text: str) -> tuple[tuple[int, int], ...]:
    wanted = statement(part)
    if not wanted.words:
        return ()
    found = _runs(wanted, text)
    if not found and "(" in text:
        bare = without_asides(text)
        wanted = statement(_ASIDE.sub("", part))
        found = _runs(wanted, bare) if wanted.words else []
    return tuple(found)


def _runs(wanted: Wording, text: str) -> list[tuple[int, int]]:
    tokens = _tokens(text)
    size, first = len(wanted.words), wanted.words[0]
    words_ = tuple([word for word, _, _ in tokens])
    found: list[tuple[int, int]] = []
    for start, (word, at, _) in enumerate(tokens):
        if (found and at < found[-1][1]) or not _may_begin(word, first):
            continue
        for stop in range(start + max(1, size - 1), min(start + size + 4, len(tokens)) + 1):
            if size > 3 and tokens[stop - 1][0] != wanted.words[-1]:
                continue
            span = text[at : tokens[stop - 1][2]]
            here = statement(span)
            if here.words != wanted.words and words_[start:stop] == wanted.words:
                here = Wording(wanted.words)  # "female partners": they are not those whom the text is about
            if here.words == wanted.words:
                begin = _with_negation(tokens, start, stop, text, here)
                if begin is not None:
                    found.append((tokens[begin][1], tokens[stop - 1][2]))
                break
    return found


def _may_begin(word: str, first: str) -> bool:
    if word == first or _SAME.get(word) == first:
        return True
    if first in ("able", "willing"):
        return word in _POWER or word in _SHORT
    return first == "not" and (word in _SHORT or word in _POWER)


def _with_negation(
    tokens: tuple[tuple[str, int, int], ...], start: int, stop: int, text: str, here: Wording
) -> int | None:
    """The index from which the run is read with the negation before it; ``None`` if that makes something else of it."""
    end = tokens[stop - 1][2]
    before = [word for word, _, _ in tokens[max(0, start - 2) : start]]
    if before[-1:] and (before[-1] in _UNABLE or (before[-1] == "to" and before[0] in _UNABLE)):
        return None
    for back in (3, 2, 1):
        begin = start - back
        if begin < 0 or tokens[begin][0] not in _NEGATORS:
            continue
        wider = statement(text[tokens[begin][1] : end])
        if wider.words == here.words:
            return begin if wider.negated != here.negated else start
        if back == 1 or (
            back == 2 and tokens[begin + 1][0] in ("of", "from", "be", "have", "had", "been", "any", "a", "an")
        ):
            return None
    return start


@lru_cache(maxsize=16384)
def _tokens(text: str) -> tuple[tuple[str, int, int], ...]:
    """The words of a text in the form in which they are compared, with their places."""
    found = []
    for match in _TOKEN.finditer(text):
        raw = match.group()
        if raw[0].isalnum():
            word = words.key(raw)
            word = _SAME.get(word, word)
        else:
            bare = re.sub(r"\s", "", raw)
            word = _SIGNS.get(bare, bare)
        found.append((word, *match.span()))
    return tuple(found)


def _read(tokens: list[str], text: str) -> Wording:
    rest, negated = _without_who(tokens), False
    for _ in range(_MOST_FILLER):
        if not rest:
            break
        if rest[:2] == ["can", "not"]:
            rest = ["not", "can", *rest[2:]]
        if power := _power(rest):
            head, sign, after = power
            if not sign or _covers(after, text, power=True):
                return Wording((*head, *after), negated ^ sign)
            break
        first, second = rest[0], rest[1] if len(rest) > 1 else ""
        if first in _SHORT:
            rest = [*_SHORT[first], *rest[1:]]
        elif first in _DO and second == "not":
            rest = rest[1:]
        elif first == "there" and (second in _FILLER or second in _WAS):
            rest = rest[2:] if second in _WAS else rest[1:]
        elif first in _NOT or second in _NOT_OF.get(first, ()) or (first == "non" and _one(rest[1:])):
            after = rest[2 if first in _NOT_OF else 1 :]
            if not after or after[0] in _QUANTITY or not _covers(after, text, power=_power(after) is not None):
                break
            rest, negated = after, not negated
        elif len(rest) > 2 and (
            (first in _TO_BEFORE and second == "to") or (first in ("has", "have") and second in ("had", "been"))
        ):
            rest = rest[2:]
        elif len(rest) > _LEAST_EFFECT and second == "whom" and first in _OF_WHOM:
            rest = rest[2:]  # "for whom surgery is planned"
        elif (first in _FILLER or first in _ARTICLES) and len(rest) > 1:
            rest = rest[1:]
        else:
            break
    if 1 < len(rest) <= _MOST_BEFORE_WHO and rest[-1] in _ANYBODY and _BETWEEN_NOUNS.isdisjoint(rest):
        rest = rest[:-1]  # "healthy volunteers": they are healthy
    return Wording(tuple(rest), negated) if rest else Wording(tuple(tokens))


def _without_who(tokens: list[str]) -> list[str]:
    """The tokens after a leading "Patients", "The patient", "Men and women"."""
    index = 0
    while index < len(tokens) and tokens[index] in _BEFORE_WHO:
        index += 1
    if index >= len(tokens) or tokens[index] not in _WHO:
        return tokens
    index += 1
    while index + 1 < len(tokens) and tokens[index] in ("and", "or") and tokens[index + 1] in _WHO:
        index += 2
    return tokens[index:] or tokens


def _power(tokens: list[str]) -> tuple[tuple[str, ...], bool, list[str]] | None:
    """A leading "able to", "unwilling or unable to", and so on: its words, whether it is negated, and what follows."""
    found: list[tuple[str, bool]] = []
    joined: set[str] = set()
    index = 0
    while True:
        negative = tokens[index : index + 1] == ["not"] and tokens[index + 1 : index + 2] != ["not"]
        after = index + negative
        if after >= len(tokens) or tokens[after] not in _POWER:
            break
        word, sign = _POWER[tokens[after]]
        if tokens[after] == "can" and found:
            break
        found.append((word, sign ^ negative))
        index = after + 1
        if index >= len(tokens) or tokens[index] not in ("and", "or"):
            break
        beyond = index + 1 + (tokens[index + 1 : index + 2] == ["not"])
        if beyond >= len(tokens) or tokens[beyond] not in _POWER:
            break
        joined.add(tokens[index])
        index += 1
    if not found or len({sign for _, sign in found}) > 1 or len(joined) > 1:
        return None
    sign = found[0][1]
    names = sorted({word for word, _ in found})
    # not (able and willing) is unable or unwilling
    conjunction = ("or" if "and" in joined else "and") if sign else next(iter(joined), "")
    head = (names[0], conjunction, *names[1:]) if len(names) > 1 else (names[0],)
    rest = tokens[index:]
    return head, sign, rest[1:] if rest[:1] == ["to"] else rest


def _one(rest: list[str]) -> bool:
    """Whether "non-" before these words negates them all: "non-verbal", but not "non-Hodgkin lymphoma"."""
    return len(rest) == 1 or (len(rest) == 2 and rest[1] in ("speaking", "speaker"))


def _covers(rest: list[str], text: str, *, power: bool) -> bool:
    """Whether a negation before these words reaches over all of them."""
    if _STOP.search(text.strip(EDGES)) or _BREAKS.intersection(rest):
        return False
    if not power and ("," in text or "and" in rest) and not _alternatives(rest, text):
        return False
    return not any(word in ("and", "or") and following in _CLAUSE for word, following in pairwise(rest))


def _alternatives(rest: list[str], text: str) -> bool:
    """Whether what is denied is a list of which "or" joins the last: "no viral, bacterial, or fungal infection"."""
    if "or" not in rest or "and" in rest or "," in text[_last_or(text) :]:
        return False
    return not any(words.key(each) in _CLAUSE for each in _BEHIND_COMMA.findall(text))


def _last_or(text: str) -> int:
    return max([match.start() for match in _OR.finditer(text)], default=0)


_OR: Final = re.compile(r"\bor\b", re.IGNORECASE)
_BEHIND_COMMA: Final = re.compile(r",\s*(?:or\s+)?([A-Za-z]+)")
