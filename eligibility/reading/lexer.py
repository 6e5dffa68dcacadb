"""Characters -> typed tokens.

Names come from the vocabulary, function words from ``rules/phrases.yaml``, units from ``knowledge.units``: at each word
the longest name wins. Signs and numbers are read here. Every character of the text is in a token, or is white space.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from sys import intern
from typing import Any, Final, TypeAlias

from eligibility.compiled import source_of
from eligibility.knowledge import names, units, words
from eligibility.knowledge.cache import cached
from eligibility.knowledge.names import Names, Texts, written
from eligibility.knowledge.qualifiers import qualifiers
from eligibility.knowledge.vocabulary import Entry, data_folder, load_yaml, prefer, vocabulary

__all__ = ["REPEATING", "Number", "Token", "function_words", "phrase_groups", "tokenize"]


@dataclass(slots=True, init=False)
class Token:
    """A typed stretch ``text[start:end]`` of the text; ``value`` is what it stands for."""

    type: str
    value: Any
    start: int
    end: int
    others: tuple[tuple[str, Any], ...]  # what else these words can be

    def __init__(self, type: str, value: Any, start: int, end: int, others: tuple[tuple[str, Any], ...] = ()) -> None:
        self.type, self.value, self.start, self.end, self.others = type, value, start, end, others

    @property
    def said(self) -> str:
        """Its value, where that is words; else nothing."""
        return self.value if isinstance(self.value, str) else ""

    def __repr__(self) -> str:
        return (
            f"{self.type}({self.value!r})" if not isinstance(self.value, Entry) else f"{self.type}({self.value.name})"
        )


@dataclass(slots=True, init=False)
class Number:
    """A number as written: its value, and what had to be mended to read it. Nobody changes one."""

    value: float
    note: str
    grouped: bool  # "1.500": a decimal point that may be a thousands separator
    unit: str | None  # that its form tells: a Snellen fraction

    def __init__(self, value: float, note: str = "", grouped: bool = False, unit: str | None = None) -> None:
        self.value, self.note, self.grouped, self.unit = value, note, grouped, unit


_SUPERSCRIPTS: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_NUMBER: Final = r"(?:[1-9]\d{0,2}(?:,\d{3})+(?!\d)|\d+)(?:[.·]\d+)?|\.\d+"
_POWER: Final = re.compile(
    rf"(?:(?P<mantissa>\d+,\d{{1,2}}(?=\s*[x×X])|{_NUMBER})\s*(?:[x×X*·•✕]|\\\*|(?<=\s)(?=10\s*(?:\^|\*|[⁰¹²³⁴⁵⁶⁷⁸⁹])))\s*)?10\s*"
    r"(?:(?:\^|\*\*|\*|[eE])\s*[({\[]?\s*(?P<exponent>\d{1,2})[)}\]]?"
    r"|[({\[]\s*(?P<bracketed>9|12|3|6)\s*[)}\]](?(mantissa)(?=\s*(?:cells?)?\s*(?:/|per\b|[;,.\n]|$))|(?=\s*(?:cells?)?\s*(?:/|per\b)))"
    r"|(?P<superscript>[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2})"
    r"|(?P<lost>9|12|3|6)(?=\s*/\s*[a-zA-Zμµ]|\s*cells|\s*per\b))"
)
_PLAIN: Final = re.compile(
    rf"(?P<number>{_NUMBER})(?P<decimal>,\d{{1,2}}(?=\s*(?:[x×°º]|[mk]?g\b|g/|mmol|%|[cm]m(?![a-z])))|(?<=\b0),\d{{2,3}}(?![\d,]))?(?P<kilo>[kK](?=\s*/|\b(?!\w)))?"
)
_GROUPED: Final = re.compile(r"\d{1,3}\.\d{3}")
_THOUSANDS: Final = re.compile(  # "1.5 x 1000/mm3"
    rf"(?P<mantissa>{_NUMBER})\s*[x×X]\s*(?P<thousands>1(?:,?000)+)(?=\s*(?:cells?)?\s*(?:/|per\b))"
)
_SPACED: Final = re.compile(  # "100 000/mm3": a space within a number that counts things, and only there
    r"(?P<digits>\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d{1,3}(?:, ?\d{3})*, 000)(?![\d.,]\d|\d|\s*[-–]\s*\d)"
    r"(?:(?<=000)|(?=\s*(?:/\s*(?:[uµμ]?[lL]|m{2,3}|mc[lL]|cu|cmm)|cells?\b|per\s+(?:mm|[uµμ]|mc|micro|cubic)|copies|platelets)))"
)
_SIGNED_NUMBER: Final = re.compile(r"[-−–‐+](?<![\w)\]].)\s?(?=\.?\d)")  # the sign first: there are few of them
_BARE: Final = re.compile(r"(?!10)\d{1,4}(?=\s+[a-wyzA-WYZ]|[);]|$)")  # as most are: it can be nothing else
_ORDINAL: Final = re.compile(r"\d+(?:st|nd|rd|th)\b", re.IGNORECASE)
_FRACTION: Final = re.compile(r"\d+/\d+(?![\d/]|\.\d)(?!\s*(?:cm|mm|kg|mg|l\b|L\b))")
_SIGNS: Final[tuple[tuple[str, str], ...]] = (
    (">/=", "GE"), ("</=", "LE"), (">=", "GE"), ("=>", "GE"), ("≥", "GE"), ("≧", "GE"), ("⩾", "GE"), ("<=", "LE"),
    ("=<", "LE"), ("≤", "LE"), ("≦", "LE"), ("⩽", "LE"), ("> =", "GE"), ("< =", "LE"), ("> or =", "GE"), ("< or =", "LE"),
    (">", "GT"), ("<", "LT"), ("＞", "GT"), ("＜", "LT"), ("˃", "GT"), ("˂", "LT"), ("﹥", "GT"), ("﹤", "LT"), ("≯", "LE"), ("≮", "GE"), ("=", "EQ"), ("+/-", "ANDOR"),
    ("±", "ANDOR"), ("×", "TIMES"), ("*", "TIMES"), ("%", "PERCENT"), ("％", "PERCENT"), ("(", "LPAR"), ("[", "LPAR"),
    ("（", "LPAR"), ("{", "LPAR"), (")", "RPAR"), ("]", "RPAR"), ("）", "RPAR"), ("}", "RPAR"), (",", "COMMA"),
    ("，", "COMMA"), ("、", "COMMA"), (";", "SEMI"), ("；", "SEMI"), (":", "COLON"), ("：", "COLON"), ("--", "DASH"),
    ("–", "DASH"), ("—", "DASH"), ("-", "DASH"), ("‐", "DASH"), ("‑", "DASH"), ("−", "DASH"), ("~", "DASH"), ("～", "DASH"),
    ("/", "SLASH"), ("&", "AND"), ("+", "PLUS"), ("|", "OR"), ("...", "DOT"), (".", "DOT"), ("。", "DOT"), ("?", "DOT"),
    ("!", "DOT"),
)  # fmt: skip
_SIGN: Final = re.compile("|".join(re.escape(sign) for sign, _ in _SIGNS))
_SIGN_TYPE: Final = dict(_SIGNS)
_LONGER_SIGNS: Final = frozenset(sign[0] for sign, _ in _SIGNS if len(sign) > 1)
_WORD: Final = re.compile(r"[^\W_]+(?:['’`´][^\W_]+)?")
_RUN_ON: Final = re.compile(r"(?:[Bb]etween|[Ww]ithin|[Tt]han|[Ll]east|[Aa]ged?)(?=\d)")  # "between18-70"
_BETWEEN_WORDS: Final = "-–‐‑/®™*†()"
_PLURALS_IN_BRACKETS: Final = ("(s)", "(es)", "(ies)")
_FACTOR: Final = re.compile(r"\*\s*(?:\d|ULN|LLN|the|upper|lower)", re.IGNORECASE)
_PLURALS: Final = frozenset(("s", "es", "ies"))
_NUMBER_WORDS: Final = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "fourteen": 14, "eighteen": 18, "twenty": 20, "once": 1, "twice": 2, "single": 1,
    "thirty": 30, "sixty": 60, "ninety": 90, "half": 0.5,
}  # fmt: skip
_TIME_UNITS: Final = {
    "hours": ("hour", "hr", "hrs", "h"),
    "days": ("day", "d", "calendar day"),
    "weeks": ("week", "wk", "wks", "w"),
    "months": ("month", "mo", "mos", "mth", "mths", "calendar month"),
    "years": ("year", "yr", "yrs", "y", "yo", "y o", "calendar year"),
    "half-lives": ("half life", "half lives", "elimination half life", "elimination half lives", "t1 2", "half lifes", "terminal half lives", "plasma half lives"),
}  # fmt: skip
_TIME_UNIT: Final = {
    words.keys(each): unit
    for unit, spellings in _TIME_UNITS.items()
    for s in spellings
    for each in (
        s,
        f"{s} period",
        f"{s} interval",
        f"consecutive {s}",
        f"calendar {s}",
        f"full {s}",
        f"complete {s}",
        f"continuous {s}",
    )
}
_TIMES_LETTERS: Final = {"x", "×"}
_ONLY_AFTER_NUMBER: Final = {"h", "hr", "d", "w", "y", "mo", "yo"}
_ABBREVIATED: Final = frozenset(
    "eg ie approx vs dr mr mrs ms prof st incl resp cf ca fig sec no ver etc al inc viz sp spp exc esp min max".split()
)
_BEFORE_LOWER_CASE: Final = re.compile(r"\b(?:wks?|mos?|yrs?|hrs?|[A-Z]|mths?)\Z")
_GRADED_BY: Final = (
    r"(?:(?:NCI|National Cancer Institute|WHO)(?:['’]s)?[\s-]+(?:\(NCI\)[\s-]*)?)?"
    r"(?:i?m?RECIST|Response Evaluation Criteria (?:in|for) Solid Tumou?rs|(?:NCI[\s-]?)?CTC(?:[\s-]?AE)?|DSM(?:[\s-]?(?:IV|V|5|III))?(?:[\s-]?(?:TR|R))?"
    r"|Common (?:Terminology|Toxicity) Criteria(?:\s+for\s+Adverse\s+(?:Events?|Effects?))?|ICD[\s-]?(?:9|10|11))\b"
)
_REFERENCED: Final = (
    r"(?:(?:modified|revised|updated|current|published|international|the)\s+)*"
    rf"(?:{_GRADED_BY}|(?:RANO|Lugano|Cheson|IWCLL|IMWG|PCWG-?[23]|McDonald|AJCC|NCCN|ESMO|ASCO(?:[/-]CAP)?|KDIGO|ACR/EULAR|EULAR"
    r"|(?:Prostate Cancer|International Myeloma) Working Group(?:\s*[23])?)\b)"
)
_VERSIONED: Final = (
    r"(?:[\s,(\[]*(?:guidelines?|criteria|classification|definitions?|recommendations?)\b)?(?:\s*[\])])?"
    r"(?:[\s,(\[-]*(?:(?:version|ver\.?|v\.?)\s*(?:\(v\)\s*)?\d+(?:\.\d+)*|\d\.\d+|(?:19|20)\d\d|\d{1,2}th\s+edition)\b\)?(?!\s*(?:mg|g/)))?"
    r"(?:\s*(?:guidelines?|criteria|classification|definitions?|recommendations?)\b)?"
)
_UNIT_AGAIN: Final = re.compile(r"[(\[]\s*([^()\[\]]{1,40}?)\.?\s*[)\]]")
_APPENDIX: Final = (
    r"[(\[]\s*(?:please\s+)?(?:see|refer\s+to|per|cf\.?)?\s*(?:also\s+)?(?:the\s+)?(?:protocol\s+)?(?:Appendi(?:x|ces)|Sections?|Tables?)\s*[A-Z0-9]{0,4}"
    r"(?:\.\d+)*(?:\s*(?:,|and|&)\s*[A-Z0-9]{1,3}(?:\.\d+)*)*(?:\s+(?:for|of)\s+(?:the\s+)?(?:details?|definitions?|more information|protocol))?\s*[)\]]"
)
_TOLD_BY: Final = (  # where something is known from: "(information obtained from the medical chart)"
    r"[(\[]\s*(?:(?:all\s+)?(?:information|data|history)\s+)?(?:(?:is\s+|to\s+be\s+)?(?:obtained|taken|collected|documented|available)\s+)"
    r"(?:from|in|by|via)\s+(?:the\s+)?(?:medical|patient|participant|subject|clinical|hospital|chart|health|source)[^()\[\]\d]{0,120}[)\]]"
)
_GRADES_OF: Final = (  # whose grades: "grade > 2 NCI-CTC v.3.0"
    r"(?<![\w-])(?:(?:NCI|National Cancer Institute)[\s-]+(?:CTC(?:[\s-]?AE)?|Common (?:Terminology|Toxicity) Criteria)|CTC[\s-]?AE"
    r"|Common (?:Terminology|Toxicity) Criteria)\b(?:\s+for\s+Adverse\s+(?:Events?|Effects?))?(?!\s+grade)"
)
_HEART_SCAN: Final = (
    r"(?:transthoracic\s+|doppler\s+|resting\s+|(?:2-?D|2-dimensional|two-dimensional)\s+(?:\(2-?D\)\s*)?)?"
    r"(?:echo(?:cardiogra(?:ms?|phy|phic))?|MUGA|multi(?:ple)?[- ]?gated\s+(?:radionuclide\s+)?(?:acquisition|angiography)"
    r"(?:\s+(?:scans?|scanning|scintigraphy))?)\b(?:\s*\((?:ECHO|MUGA|TTE)\))?+(?:\s+(?:cardiac\s+)?scans?)?+"
)
_EQUATION: Final = (
    r"(?:(?:19|20)\d\d\s+|bedside\s+|original\s+|updated\s+|abbreviated\s+|simplified\s+)?(?:Cock(?:c|k)?roft[\s-]*(?:and|&)?[\s-]*Gault"
    r"|(?:Chronic\s+Kidney\s+Disease[\s–-]*Epidemiology(?:\s+Collaboration)?\s*)?[(\[]?CKD[-\s]?EPI[)\]]?"
    r"|Chronic\s+Kidney\s+Disease[\s–-]*Epidemiology\s+Collaboration"
    r"|Modif(?:ication|ied)\s+(?:of\s+)?(?:the\s+)?Diet\s+(?:in|of|for)\s+Renal\s+Disease(?:\s*[(\[]MDRD[)\]])?|MDRD|Schwartz|Jelliffe)"
    r"(?:['’]s)?(?:[\s-]+(?:(?:19|20)\d\d|abbreviated|creatinine|study|based|4[\s-]variable))*"
    r"(?:\s+(?:formula|equation|method|calculation|estimation)s?)?"
)
_CLEARED: Final = (
    r"(?:(?:radio-?isotop(?:e|ic)|isotop(?:e|ic)|radionuclide|direct)\s+(?:measurement|determination|clearance|method)"
    r"|(?:24[\s-]*h(?:ou)?rs?\s+)?urine\s+collection)\b"
)
_FOUND_OUT: Final = (
    r"(?:calculated|estimated|measured|determined|assessed|evaluated|quantified|obtained|documented|demonstrated|shown"
    r"|confirmed|performed)"
)
_FORMULA: Final = (
    r"(?:as\s+)?(?:(?:calculated|estimated|measured|determined|assessed|computed|derived)\s+)?(?:by|using|per|with|via|according\s+to|based\s+on)\s+"
    r"(?:means\s+of\s+)?(?:the\s+|a\s+|an\s+)?(?:standard\s+|modified\s+|either\s+)?"
    rf"{_EQUATION}(?:\s*{_APPENDIX})?(?:\s*(?:or|and/or|/)\s*(?:(?:by|the|an?|from)\s+)*(?:{_EQUATION}|{_CLEARED}))?"
    rf"|(?:(?:as\s+)?{_FOUND_OUT}\s+)?(?:by|using|on|via|with|based\s+on)\s+(?:an?\s+|the\s+)?(?:either\s+)?{_HEART_SCAN}"
    rf"(?:\s*(?:or|and/or|/|,)\s*(?:an?\s+|by\s+)?{_HEART_SCAN})*+"
    r"(?!\s*(?:,|,?\s*or\b)\s*\(?(?:\w+\)?\s+){0,3}(?:ventriculogra|angiogra|scintigra|catheter|imaging|scan|tomogra|magnetic))"
)
_REFERENCE: Final = (
    r"(?:\b(?:as\s+)?(?:(?:defined|assessed|determined|measured|evaluated|graded|classified|established|specified|described|diagnosed)\s+)?"
    r"(?:by|per|using|in|in\s+accordance\s+with|according\s+to|based\s+(?:up)?on)\s+"
    rf"{_REFERENCED}{_VERSIONED}(?:\s*[\[(]\s*{_REFERENCED}{_VERSIONED}\s*[\])]?{_VERSIONED})*)"
    rf"|(?<=[(\[]){_GRADED_BY}{_VERSIONED}(?=\s*[)\];,])|{_GRADES_OF}{_VERSIONED}"
    rf"|{_APPENDIX}|{_TOLD_BY}|(?<![\w-])(?:{_FORMULA})(?![\w-])|[(\[]\s*(?:{_FORMULA})\s*[)\]]|(?<=[(\[])Cockcroft[\s-]*Gault(?:\s+(?:formula|equation|method))?(?=[)\]])"
)
_NAME: Final = (
    r"(?:[A-Z][\w.'’/&-]*|\(?\d{4}\)?|\([A-Z][^()]{0,40}\)|and|&|of|for|the|revised|modified|updated|international)"
)
_NOT_CRITERIA: Final = (  # a class or a stage stands beside these; the others are the trial's own
    r"(?:New York|NYHA|Child|Canadian|CCS|Killip|Fitzpatrick|American Society of An|ASA\b|FIGO|Ann Arbor|GOLD|Hurley|Rutherford"
    r"|Zubrod|ECOG|Karnofsky|Lansky|Response\b|Barcelona|BCLC|Gleason|TNM|Inclusion|Exclusion|Eligibility|Protocol|Section|Appendix|Study|Trial|Investigator)"
)
_CRITERIA: Final = (  # by whose criteria a diagnosis is made: "according to the Rome IV criteria (Drossman 2016)"
    r"(?<!\bis\s)(?<!\bare\s)(?<!\bbe\s)\b(?i:(?:as\s+)?(?:(?:defined|assessed|determined|established|confirmed|classified|diagnosed|specified)\s+)?"
    r"(?:by|per|using|in\s+accordance\s+with|according\s+to|based\s+(?:up)?on|following|as\s+per))\s+(?:the\s+)?"
    rf"(?:(?i:revised|modified|updated|current|published|international|established|diagnostic)\s+)*(?!{_NOT_CRITERIA})"
    rf"(?=[A-Z\d][\w'’/.&-]+\b)(?:{_NAME}\s+){{1,12}}?"
    r"(?:(?i:diagnostic|classification|consensus|clinical|committee|working\s+group)\s+)*"
    r"(?i:criteria|classifications?|guidelines?|definitions?|recommendations?)\b(?:\s+of\s+[A-Z]{2,}\b)?"
    r"(?!\s+(?:[IVX\d]+|(?:of|for)(?!\s+(?:at|more|over|\d)\b))\b)(?:\s*[\[(]+[^()\[\]]*\b(?:19|20)\d\d[a-z]?[\])]+)?"
    r"|\bas\s+(?:defined|described|classified|proposed|outlined)\s+by\s+[A-Z][\w'’-]+(?:\s+(?:and|&)\s+[A-Z][\w'’-]+|,?\s+et\s+al\.?)?"
    r"\s*[\[(][^()\[\]]*\b(?:19|20)\d\d[a-z]?[\])]"  # "as defined by Roe and Poe (1998)"
)
_BY_CRITERIA: Final = ("criteri", "classif", "guideline", "definition", "recommendation")
_DAY_ONE: Final = (
    r"(?:cycle|C)\s*(?:\(C\)\s*)?1[,/\s-]*(?:day|D)\s*(?:\(D\)\s*)?-?1\b"
    r"|(?:day|D)\s*(?:\(D\)\s*)?1[,\s]*(?:of\s+|in\s+)?(?:the\s+)?(?:first\s+)?(?:treatment\s+)?(?:cycle|C)\s*(?:\(C\)\s*)?1\b"
)
_VISIT: Final = r"(?:baseline|screening|randomi[sz]ation|enrollment)\s*[/(,-]?\s*\(?day\s*-?\d{1,2}\b\)?|day\s*[-–−‐]\s*\d{1,2}\b|visit\s*\d[a-z]?\b|(?:V1|V0)\b|week\s*(?:0\b|[-–−]\s*\d{1,2}\b)"
_SIGN_AGAIN: Final = r"[<>=≤≥](?:(?<=[<>])\s*/?\s*=|(?<==)\s*[<>]|(?<=[<>≤≥]))"
_WORDED: Final = (
    r"(?!or\b|to\b)(?:(?:is|are|be|equal|greater|more|higher|less|lower|fewer|older|younger|above|below|over|under|at\s+least|at\s+most|than|or|to)\s+)*"
    rf"(?:greater|more|higher|less|lower|fewer|older|younger|above|below|over|under|equal|least|most|than|to)\s*[\[(]\s*(?P<again>{_SIGN_AGAIN})\s*[\])]"
    r"(?:\s*(?:than|or\s+equal|to))*(?=\s*[\d.])"
)
_SIGNED: Final = rf"(?P<signed>{_SIGN_AGAIN})\s*(?:or\s*(?:=|equals?)(?:\s+to)?|(?:than\s+)?or\s+equal(?:\s+to)?|than|to)(?=\s*[\d.])"
_LINE_MARK: Final = r"(?m)^[ \t]*(?:\(\d{1,2}\)|\d{1,2}[):、．](?=\s*[^\W\d])|\d{1,2}\.(?=[A-Z])|[①-⑳])"
_MARK: Final = r"(?<=[\s:;,])\(?(?:[1-9a-h]|i{1,3}|iv|vi{0,2})\)(?=\s*[^\W\d])|[①-⑳]|(?<=[a-z.,)])\[\d{1,2}\]"
_REFERS = tuple(  # a first look: each reference has one of these in it, or one of those in brackets
    "recist|response eval|ctc|common t|dsm|icd|rano|lugano|cheson|iwcll|imwg|pcwg|mcdonald|ajcc|nccn|esmo|asco|kdigo|eular"
    "|working group|cockcroft|cockkroft|cockroft|ckd|kidney|diet|schwartz|jelliffe|mdrd|echo|muga|gated".split("|")
)
_REFERS_IN_BRACKETS: Final = re.compile(
    r"[(\[][\s\w.]*(?:appendi|section|table|obtained|taken|documented|collected|available)"
)
_DIGIT: Final = re.compile(r"[\d①-⑳]")
_COMPARING: Final = "<>=≤≥"
_COMPARED_IN_BRACKETS: Final = re.compile(r"[\[(]\s*[<>=≤≥]")
_MAYBE_MARK: Final = re.compile(r"[)\[①-⑳](?:(?<=[①-⑳])|(?<=\[)\d|(?<=[\s:;,(][1-9a-h]\))|(?<=[iv]\)))")
_MAYBE_FIRST_DAY: Final = re.compile(r"c(?:ycle|\s*\(?(?:c\))?\s*1)")
_VISITS: Final = ("day", "week", "visit", "v0", "v1")
_MAYBE_VISIT: Final = re.compile(r"day\s*[-–−‐\d]|week\s*[-–−0]|visit|v[01]")
_SHAPES: Final = {  # of two at one place the first is meant
    "plural": r"\((?<=[a-zA-Z]\()(?:s|es|ies)\)",
    "line": _LINE_MARK,
    "mark": _MARK,
    "reference": rf"(?i:{_REFERENCE})",
    "criteria": _CRITERIA,
    "sign": rf"(?i:{_SIGNED})",
    "first": rf"(?i:\b(?:{_DAY_ONE}))",
    "visit": rf"(?i:\b(?:{_VISIT}))",
    "worded": rf"(?i:\b(?:{_WORDED}))",
    "version": r"[v\d](?<!\w.)(?:(?<=v)(?:er(?:sion)?\.?)?\s*\d+(?:\.\d+)+|(?<=\d)\d*\.\d+\.\d+(?:\.\d+)*)",
    "pair": r"\d(?<!\w.)\d{1,2}\s*/\s*\d{2,4}(?:\b|(?=mm ?Hg))(?![/.]\d)",
    "metric": r"[1-6](?<![\w.,/].)/\d{1,3}\b(?![/.]\d)",
}
_ARTICLES: Final = frozenset(("the", "a", "an"))
_ROMAN_NUMBERS: Final = frozenset(("I", "II", "III", "IV", "V"))
_ROMAN: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5}
_KIND_TYPE: Final = {"condition": "CONDITION", "treatment": "TREATMENT", "measurement": "ANALYTE"}


_TIME: Final = "!"
_PHRASE: Final = "#"
_AMBIGUOUS: Final = ">"
_QUALIFIER: Final = "@"
"""Marks of what a name is, in its line (:mod:`~eligibility.knowledge.names`). A digit begins a plain name; of several
meanings the preferred stands first, as the signs are ordered.
"""


_NEED_BEFORE: Final = frozenset("LINES OR_MORE OR_LESS ASIDE PLACE".split())
_BY_PLACE: Final = _NEED_BEFORE | {"TIMEUNIT"}  # what words of these types mean depends on what stands beside them


class _Node:
    """One step of the automaton of names: what the words so far mean, and by the next word how they go on.

    A further step is made when it is first taken: there are tens of thousands, and one process takes few of them.
    ``shared``: the name is that of two entries of one kind. ``always``: it means the same wherever it stands.
    ``last``: no name goes on.
    """

    __slots__ = (
        "_end",
        "_first",
        "_further",
        "_lines",
        "_next",
        "_start",
        "always",
        "exact",
        "last",
        "meanings",
        "shared",
    )

    def __init__(self, first: str, further: str, lines: tuple[str, ...], start: int, end: int) -> None:
        """``lines[start:end]`` are of the names that begin with the word ``first`` and with the ``further`` ones."""
        self._first, self._further, self._lines, self._end = first, further, lines, end
        self.shared = False
        self.meanings: tuple[tuple[str, Any], ...] = ()
        self.exact: tuple[tuple[str, str, Any], ...] = ()
        own = f"{further}\t"
        while start < end and lines[start].startswith(own):
            for kind, value in _meanings(f"{first} {further}" if further else first, lines[start][len(own) :]):
                self._mean(kind, value)
            start += 1
        self._start = start
        self.always = self._everywhere()
        self.last = start == end
        self._next: dict[str, _Node | None] | None = None  # by every word with which a name goes on

    def step(self, word: str) -> _Node:
        """Where the next word leads; no name goes on with it: nowhere."""
        if self._next is None:
            self._next = dict.fromkeys(self._following())
        there = self._next.get(word, _NOWHERE)
        if there is None:
            there = self._next[word] = self._made(word)
        return there

    def _following(self) -> list[str]:
        at = len(self._further) + 1 if self._further else 0
        return [line[at:].replace("\t", " ", 1).split(" ", 1)[0] for line in self._lines[self._start : self._end]]

    def _made(self, word: str) -> _Node:
        further = f"{self._further} {word}" if self._further else word
        start = bisect_left(self._lines, further, self._start, self._end)
        end = bisect_left(self._lines, f"{further}!", start, self._end)  # "!" comes behind tab and space
        return _Node(self._first, further, self._lines, start, end)

    def _everywhere(self) -> bool:
        return not (self.shared or self.exact) and _BY_PLACE.isdisjoint([kind for kind, _ in self.meanings])

    def _mean(self, kind: str, value: Any) -> None:
        if kind == "EXACT":
            self.exact = (*self.exact, value)
        elif kind not in ("QUALIFIER",) or all(known != kind for known, _ in self.meanings):
            if self.meanings and isinstance(value, Entry):
                self.shared = self.shared or any(known == kind for known, _ in self.meanings)
            self.meanings = (*self.meanings, (kind, value))


@cache
def phrase_groups() -> dict[str, Any]:
    """The phrases in ``rules/phrases.yaml``, by type of token."""
    path = data_folder("rules") / "phrases.yaml"
    found: dict[str, Any] = cached("phrase-groups", [path, source_of(__name__)], lambda: load_yaml(path))
    return found


def _meanings(name: str, known: str) -> list[tuple[str, Any]]:
    """What a whole name means, of which its line says so much."""
    mark = known[0]
    if mark.isdigit():
        return [(_KIND_TYPE[entry.kind], entry) for entry in vocabulary().named(known)]
    known = known[1:]
    if mark == _PHRASE:
        meant = [_phrases()[0][number] for number in names.numbers_in(known)]
        return [(kind, name if value is None else value) for kind, value in meant]
    if mark == _QUALIFIER:
        return [("QUALIFIER", qualifiers().find(known))]
    if mark == _TIME:
        return [("TIMEUNIT", known)]
    measured = [entry for entry in vocabulary().named(known) if entry.kind == "measurement"]
    said = measured[0].ambiguous_synonyms if len(measured) == 1 else ()
    return [("EXACT", (each, "ANALYTE", measured[0])) for each in said if words.phrase(each) == name]


class _Root:
    """The start of the automaton. The names that begin with a word are looked up when the word is first met."""

    __slots__ = ("_known", "_qualifiers", "_times")

    def __init__(self) -> None:
        self._known: dict[str, _Node] = {}
        self._times = _by_first_word(_TIME_UNIT.items(), _TIME)
        self._qualifiers = _by_first_word(((keys, each.name) for keys, each in qualifiers().names()), _QUALIFIER)

    def step(self, word: str) -> _Node:
        """Where the first word of a name leads; where none begins with it, nowhere."""
        first = self._known.get(word)
        if first is None:
            first = self._known[word] = self._made(word)
        return first

    def _made(self, word: str) -> _Node:
        lines = vocabulary().beginning(word)
        others = [
            *self._times.get(word, ()),
            *_phrases()[1].beginning(word, _PHRASE),
            *vocabulary().beginning_ambiguously(word, _AMBIGUOUS),
            *self._qualifiers.get(word, ()),
        ]
        if others:
            lines = sorted(lines + others)
        return _Node(word, "", tuple(lines), 0, len(lines)) if lines else _NOWHERE


_NOWHERE: Final = _Node("", "", (), 0, 0)


def _by_first_word(named: Iterable[tuple[tuple[str, ...], str]], mark: str) -> dict[str, list[str]]:
    """The lines of names by their first words, as :meth:`~eligibility.knowledge.names.Names.beginning` has them."""
    found: dict[str, list[str]] = {}
    for (first, *further), known in named:
        found.setdefault(first, []).append(f"{' '.join(further)}\t{mark}{known}")
    return found


@cache
def _automaton() -> _Root:
    return _Root()


_AT_PLACE: Final = "(of|to|in|within|involving) (the|)"


@cache
def _phrases() -> tuple[list[tuple[str, str | None]], Names]:
    """What the phrases in ``rules/phrases.yaml`` mean, each a type and a value where it has one, and the phrases."""

    def spelt_out() -> tuple[list[tuple[str, str | None]], Texts]:
        meanings: dict[tuple[str, str | None], int] = {}
        found: dict[tuple[str, ...], dict[str, int]] = {}
        for kind, phrases in phrase_groups().items():
            for value, spellings in phrases.items() if isinstance(phrases, dict) else [(None, phrases)]:
                meaning = meanings.setdefault((kind, value), len(meanings))
                for template in spellings if kind != "PLACE" else [f"{_AT_PLACE} {each}" for each in spellings]:
                    for name in map(words.keys, words.spelt_out(str(template))):
                        if name:
                            found.setdefault(name, {}).setdefault(kind, meaning)
        return list(meanings), written({name: meant.values() for name, meant in found.items()})

    sources = [
        data_folder("rules") / "phrases.yaml",
        source_of(__name__),
        source_of(names.__name__),
        source_of(words.__name__),
    ]
    meanings, spelled = cached("phrases", sources, spelt_out)
    return [(intern(kind), value) for kind, value in meanings], Names(spelled)  # types are compared all the time


@cache
def _unit_codes() -> tuple[dict[str, str], list[str]]:
    """Spellings of units without white space, exact and in lower case, with their codes; and alone, in their order."""

    def stripped() -> dict[str, str]:
        exact: dict[str, str] = {}
        folded: dict[str, str] = {}
        for spelling, code in units.spellings().items():
            bare = _bare(spelling)
            exact.setdefault(bare, code)
            folded.setdefault(bare.lower(), code)
        return dict(sorted({**folded, **exact}.items()))

    sources = [data_folder("rules") / "units.yaml", source_of(__name__), source_of(units.__name__)]
    codes = cached("unit-spellings", sources, stripped)
    return codes, list(codes)


_PLAINER: Final = str.maketrans(
    {
        "μ": "u",
        "µ": "u",
        "³": "3",
        "²": "2",
        "㎡": "m2",
        "㎎": "mg",
        "㎏": "kg",
        "㎖": "ml",
        "㎜": "mm",
        "㎝": "cm",
    }
)


def _bare(text: str) -> str:
    return "".join(text.split()).translate(_PLAINER)


def _is_begun(spellings: list[str], beginning: str) -> bool:
    at = bisect_left(spellings, beginning)
    return at < len(spellings) and spellings[at].startswith(beginning)


_OF_CONTENT: Final = frozenset(  # groups of phrases that are about things, so that their words can name one together
    "CIRCUMSTANCE STATUS CONSENT CONTRACEPTION JUDGED OTHER_CRITERIA ASIDE SOMEBODY_ELSE EXISTS ANCHOR WEAK_ANCHOR ALLERGY "
    "INGREDIENT_OF USE PROGRESSED REFRACTORY_TO SITE PLACE ULN LLN EXCLUDED ALLOWED".split()
)


REPEATING: Final = frozenset("OCCASION REPEATED SERIAL APART SPACED OCCURRED BEGUN ENDED".split())
"""Words like any others, but beside a number: "two occasions", "at least 6 weeks apart", "begun 6 weeks ago"."""


@cache
def function_words(*, together: bool = False) -> frozenset[str]:
    """Every word of the phrases in ``rules/phrases.yaml``: alone, none of them names a thing.

    ``together``: without those that can name a thing when they stand beside one another.
    """

    def each() -> list[str]:
        left_out = {*REPEATING, "RECOVERED", "CLEAR", "DURATION_OF", "DIMENSION", *(_OF_CONTENT if together else ())}
        groups = [v for kind, v in phrase_groups().items() if kind not in left_out]
        spellings = (
            s
            for phrases in groups
            for s in ((x for v in phrases.values() for x in v) if isinstance(phrases, dict) else phrases)
        )
        return sorted({word for spelling in spellings for word in words.keys(str(spelling))})

    sources = [data_folder("rules") / "phrases.yaml", source_of(__name__), source_of(words.__name__)]
    return frozenset(cached("structural-words" if together else "function-words", sources, each))


@lru_cache(maxsize=8192)
def _unit_at(ahead: str) -> tuple[str, int] | None:
    """The code of the longest unit with which this text begins, and its length."""
    codes, spellings = _unit_codes()
    found: tuple[str, int] | None = None
    bare = ""
    for end, last in enumerate(ahead, 1):
        if last.isspace():
            continue
        bare += _bare(last)
        if not _is_begun(spellings, bare) and not _is_begun(spellings, bare.lower()):
            break
        if last.isalnum() and end < len(ahead) and ahead[end].isalnum():
            continue
        code = codes.get(bare) or codes.get(bare.lower())
        if code is not None:
            found = code, end
    return found


_LONGEST_UNIT: Final = 60
_PER: Final = re.compile(
    r"(?P<again>\s*\([a-zA-Zµμ]{1,5}\)(?=\s*(?:/|per\b)))|(?:^|\s+)per\s+(?:an?\s+)?", re.IGNORECASE
)

_LAST_AGAIN: Final = re.compile(r"\s*\(([a-zA-Z]{1,5})\)")


def _unit_said(ahead: str) -> tuple[str, int] | None:
    """As :func:`_unit_at`; "per" is a slash, and the parts may be said twice: "millimole (mmol) per liter"."""
    found = _unit_at(ahead[:40])
    if "per " not in ahead.lower() and "(" not in ahead:
        return found
    short, at = "", 0
    places: list[int] = []
    for match in _PER.finditer(ahead):
        short += ahead[at : match.start()]
        places += range(at, match.start())
        at = match.end()
        if match["again"] is None:
            short += "/"
            places.append(at - 1)
    short += ahead[at:]
    places += range(at, len(ahead))
    other = _unit_at(short[:40])
    if other is None:
        return found
    end = places[other[1] - 1] + 1
    last = _LAST_AGAIN.match(ahead, end) if "(" in ahead[:end] else None
    if last and units.is_unit(last[1]) and other[0].endswith(units.unit(last[1])):
        end = last.end()  # "millimole (mmol) per liter (L)"
    return (other[0], end) if found is None or end > found[1] else found


_Word: TypeAlias = tuple[str, int, int, bool, int]
"""Its key, start and end; whether no more than white space, a hyphen, a slash or a parenthesis stands before the next
word; parentheses opened, less those closed, up to that. A tuple, because nothing else is made so often.
"""


def _gap_end(text: str, at: int) -> int:
    """Where what may stand between two words ends: plurals in parentheses, blanks, hyphens, slashes, brackets, dots."""
    length = len(text)
    while at < length:
        sign = text[at]
        if sign == "(" and text[at - 1].isalnum() and text.startswith(_PLURALS_IN_BRACKETS, at):
            at = text.index(")", at) + 1
        elif (sign == "+" and text[at - 1].isalnum() and text[at + 1 : at + 2] == " ") or (
            sign == ":" and text[at - 1].isalpha() and text[at + 1 : at + 2].isalpha()
        ):
            at += 1  # "CD4+ T cells", "protein:creatinine ratio"
        elif sign == ".":
            if at + 1 >= length or not (text[at + 1].isalnum() or text[at + 1] in " _"):
                break
            at += 1
        elif sign.isspace() or sign in _BETWEEN_WORDS:
            at += 1
        else:
            break
    return at


def _placed(text: str) -> list[tuple[str, int]]:
    """The words of a text, and where each begins."""
    parted = words.parted(text)
    if parted is None:
        return [(match.group(), match.start()) for match in _WORD.finditer(text)]
    found: list[tuple[str, int]] = []
    at = 0
    for raw in parted:
        at = text.find(raw, at)
        found.append((raw, at))
        at += len(raw)
    return found


def _split(text: str) -> tuple[list[_Word], dict[int, int]]:
    found: list[_Word] = []
    at: dict[int, int] = {}
    depth, length = 0, len(text)
    for raw, start in _placed(text):
        end = start + len(raw)
        if not raw.isalpha() and (run_on := _RUN_ON.match(raw)) is not None:
            at[start] = len(found)
            found.append((words.key(run_on.group()), start, start + run_on.end(), True, depth))
            start += run_on.end()
            raw = text[start:end]
        if (
            raw in _PLURALS
            and text[start - 1 : start] == "("
            and text[end : end + 1] == ")"
            and text[start - 2 : start - 1].isalpha()
        ):
            continue  # "drug(s)"
        if end == length or text[end] in ",;" or (text[end] == ":" and not text[end + 1 : end + 2].isalpha()):
            joined = False
        elif text[end] in " -/" and end + 1 < length and text[end + 1].isalnum():  # as it mostly is
            joined = True
        else:
            reach = _gap_end(text, end)
            between = text[end:reach]
            joined = reach < length and text[reach].isalnum() and ("." not in between or end - start <= 2)
            if "(" in between or ")" in between:  # those of a plural in parentheses cancel out
                depth += between.count("(") - between.count(")")
        at[start] = len(found)
        found.append((words.key(raw), start, end, joined, depth))
    return found, at


_COUNTS: Final = frozenset(("NUMBER", "PAIR"))
_MAY_COUNT: Final = _COUNTS | {"DASH"}


def tokenize(text: str) -> list[Token]:
    """The tokens of a text, in order; unknown words are one ``WORD`` each, unknown signs ``SIGN``."""
    tokens = _tokens(text)
    if ("-" in text or "+" in text or not text.isascii()) and _SIGNED_NUMBER.search(text):
        tokens = _signed(tokens, text)
    return _mended(tokens, text)


_COMPARES: Final = frozenset("GE GT LE LT EQ".split())
_BEFORE_SIGN: Final = _COMPARES | frozenset("BETWEEN FROM OF TO".split())


def _signed(tokens: Sequence[Token], text: str) -> list[Token]:
    """The tokens with the numbers that have a sign of their own: "T-score < -2.5", "between -2 and +1"."""
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        after = tokens[index + 1] if index + 1 < len(tokens) else None
        if (
            token.type in ("DASH", "PLUS")
            and after is not None
            and after.type == "NUMBER"
            and isinstance(after.value, Number)
            and _SIGNED_NUMBER.match(text, token.start)
            and (
                _takes_sign(found, apart=after.start > token.end)
                or (after.end < len(text) and _signed_range(found, tokens[index + 2 : index + 4]))
            )
        ):
            value = after.value.value
            number = Number(-value if token.type == "DASH" else value, after.value.note)
            found.append(Token("NUMBER", number, token.start, after.end))
            index += 2
            continue
        found.append(token)
        index += 1
    return found


def _takes_sign(found: Sequence[Token], *, apart: bool) -> bool:
    """Whether a sign behind these tokens can only belong to the number that follows it (``apart``: after a space)."""
    if not found or apart:
        return bool(found) and found[-1].type in _COMPARES
    if found[-1].type == "AND":
        return any(token.type == "BETWEEN" for token in found[-4:-1])
    return found[-1].type in _BEFORE_SIGN


def _signed_range(found: Sequence[Token], following: Sequence[Token]) -> bool:
    """A score from a negative number to another one: "T-score -1.0 to -2.5"."""
    named = bool(found) and found[-1].type in ("ANALYTE", "TEST_WORD", "COLON")
    return named and [t.type for t in following] in (["TO", "DASH"], ["TO", "PLUS"], ["AND", "DASH"])


def _tokens(text: str) -> list[Token]:
    root = _automaton()
    found, index_at = _split(text)
    ready = _ready(text)
    tokens: list[Token] = []
    position, length = 0, len(text)
    while position < length:
        before = tokens[-1].type if tokens else ""
        if before == "RPAR" and _says_number_again(tokens):
            before = "NUMBER"
        index = index_at.get(position)
        if index is not None and before not in _MAY_COUNT and position not in ready:  # mostly, a word stands here
            token = _word(root, found, index, text, before)
            tokens.append(token)
            position = token.end
            if position < length and text[position] == " ":
                position += 1
            continue
        character = text[position]
        if character == " " or character.isspace():
            position += 1
            continue
        after_number = before in _COUNTS or (
            before == "DASH" and len(tokens) > 1 and tokens[-2].type == "NUMBER" and tokens[-1].end == position
        )
        if character in "([" and before == "UNIT":
            again = _UNIT_AGAIN.match(text, position)
            if again and units.is_unit(again[1]) and units.unit(again[1]) == tokens[-1].value:
                tokens.append(Token("FILLER", again.group(), position, again.end()))
                position = again.end()
                continue
        if ready and position in ready:
            token = ready[position]
            tokens.append(token)
            position = token.end
            continue
        if after_number:
            unit = _unit_said(text[position : position + _LONGEST_UNIT])
            if unit and (
                _dioptres(text, position, tokens[-1])
                or not _time_unit_here(found, index_at, position, position + unit[1])
            ):
                tokens.append(Token("UNIT", unit[0], position, position + unit[1]))
                position += unit[1]
                continue
        if index is not None:
            token = _word(root, found, index, text, before)
            tokens.append(token)
            position = token.end
            continue
        if character.isalnum():
            token = _inner(text, position, after_number)
            tokens.append(token)
            position = token.end
            continue
        if character == ".":
            if position + 1 < length and text[position + 1].isdigit() and not text[position - 1 : position].isalnum():
                number = _number(text, position)
                if number is not None:
                    tokens.append(number)
                    position = number.end
                    continue
            kind = _dot(text, position)
            if kind:
                tokens.append(Token(kind, ".", position, position + 1))
            position += 1
            continue
        if position and character in "-‐‑*" and text[position - 1].isalnum():
            following = text[position + 1 : position + 2]
            coded = _CODED.match(text, position) if tokens[-1].type == "WORD" else None
            if (
                coded
                and text[tokens[-1].start : position].isalpha()
                and text[tokens[-1].start : position] != tokens[-1].value
            ):
                tokens[-1] = Token(
                    "WORD", words.phrase(text[tokens[-1].start : coded.end()]), tokens[-1].start, coded.end()
                )
                position = coded.end()
                continue
            if (
                following.isalpha() and not _ROMAN_RANGE.match(text, position)
                if character != "*"
                else not following.isalnum() and not (text[position - 1].isdigit() and _FACTOR.match(text, position))
            ):
                position += 1  # a hyphen within a word, a mark that refers to a note
                continue
        sign = character
        if character in _LONGER_SIGNS and (longest := _SIGN.match(text, position)) is not None:
            sign = longest.group()
        kind = _SIGN_TYPE.get(sign, "")
        end = position + len(sign)
        if kind == "PERCENT":
            tokens.append(Token("UNIT", "%", position, end))
        elif kind:
            tokens.append(Token(kind, sign, position, end))
        elif sign not in "®™©" and not (sign in "'’" and before == "TIMEUNIT"):  # "of 3 months' duration"
            tokens.append(Token("SIGN", sign, position, end))
        position = end
    return tokens


def _says_number_again(tokens: Sequence[Token]) -> bool:
    """Whether a parenthesis closes these that says a number once more: "sixty (60)" days."""
    return [token.type for token in tokens[-4:]] == ["NUMBER", "LPAR", "NUMBER", "RPAR"]


@cache
def _shape(kind: str) -> re.Pattern[str]:
    return re.compile(_SHAPES[kind])


def _shaped(text: str) -> list[str]:
    """The kinds of shapes that there may be in a text, by a first look."""
    folded = text.casefold()
    opened = "(" in text or "[" in text
    found = ["plural"] if "s)" in text else []
    if "\n" in text or (start := text.lstrip()[:1]).isdigit() or start in "(①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳":
        found.append("line")
    if (")" in text or "[" in text or not text.isascii()) and _MAYBE_MARK.search(text):
        found.append("mark")
    if any(name in folded for name in _BY_CRITERIA):
        found.append("criteria")
    in_brackets = opened and (
        "obtained" in folded
        or "documented in" in folded
        or "appendi" in folded
        or "section" in folded
        or "table" in folded
    )
    if any(name in folded for name in _REFERS) or (in_brackets and _REFERS_IN_BRACKETS.search(folded)):
        found.append("reference")
    if _DIGIT.search(text):
        compared = any(sign in text for sign in _COMPARING)
        if compared:
            found.append("sign")
        if "1" in text and _MAYBE_FIRST_DAY.search(folded):
            found.append("first")
        if any(name in folded for name in _VISITS) and _MAYBE_VISIT.search(folded):
            found.append("visit")
        if compared and opened and _COMPARED_IN_BRACKETS.search(text):
            found.append("worded")
        if "." in text:
            found.append("version")
        if "/" in text:
            found.append("pair")
            if _ACUITY.search(text):
                found.append("metric")
    return found


def _shapes(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    """The shapes in a text from left to right, each with its kind; none of them overlap."""
    ahead = [(kind, found) for kind in _shaped(text) if (found := _shape(kind).search(text)) is not None]
    while ahead:
        nearest, first = ahead[0]
        for kind, found in ahead[1:]:
            if found.start() < first.start():
                nearest, first = kind, found
        yield nearest, first
        end = max(first.end(), first.start() + 1)
        ahead = [
            (kind, other)
            for kind, found in ahead
            if (other := found if found.start() >= end else _shape(kind).search(text, end)) is not None
        ]


def _ready(text: str) -> dict[int, Token]:
    """What is found by its shape, whatever its words: references, marks of lists, days and visits, signs said twice."""
    found: dict[int, Token] = {}
    for kind, match in _shapes(text):
        start, end = match.span()
        match kind:
            case "line" | "mark":
                token = _marker(text, start, end)
            case "reference" | "criteria":
                while _open_brackets(text[start:end]) < 0:
                    end = max(text.rfind(")", start, end), text.rfind("]", start, end))
                token = Token("FILLER", text[start:end], start, end)
            case "plural":
                token = Token("FILLER", match.group(), start, end)
            case "first":
                token = Token("ANCHOR", "first dose", start, end)
            case "visit":
                token = Token("ANCHOR", "screening", start, end)
            case "worded":
                token = _agreed(match.group(), match["again"], start, end)
            case "sign":
                token = _agreed(match.group(), match["signed"], start, end)
            case "version":
                token = Token("FILLER" if match.group()[0] in "vV" else "WORD", match.group(), start, end)
            case "metric":
                token = _snellen(match.group(), text, start, end)
            case _:
                token = _snellen(match.group(), text, start, end) or _pair(match.group(), start, end)
        if token is not None:
            start = token.start
            while text[start].isspace():
                start += 1
            token.start = start
            found[start] = token
    return found


def _open_brackets(text: str) -> int:
    return text.count("(") + text.count("[") - text.count(")") - text.count("]")


_IN_WORDS: Final = re.compile(r"\b([a-z]+)$", re.IGNORECASE)
_FIGURES: Final = {
    word: str(number)
    for number, word in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), 1)
}


def _marker(text: str, start: int, end: int) -> Token | None:
    """The mark of a list within a text, "(1)"; one between two items parts them."""
    before = text[:start].rstrip()
    if text[start:end].lstrip()[0] not in "([①②③④⑤⑥⑦⑧⑨⑩" and before.count("(") > before.count(")"):
        return None
    said = _IN_WORDS.search(before)
    if said is not None and _FIGURES.get(said[1].lower()) == text[start:end].strip(" ()[]"):
        return Token("FILLER", text[start:end].strip(), start, end)  # "three (3) months"
    parts = before and before[-1] not in ":;,.(" and not before.lower().endswith((" and", " or")) and text[start] != "["
    return Token("SEMI" if parts else "FILLER", text[start:end].strip(), start, end)


def _agreed(words_of: str, sign: str, start: int, end: int) -> Token | None:
    """A comparison said in words and again as a sign, "less (<) than"; None where the two are at odds."""
    kind = _SIGN_TYPE["".join(sign.replace("/", "").split())]
    said = words_of.lower().replace(sign, " ")
    up = any(w in said for w in ("greater", "more", "higher", "older", "above", "over", "least"))
    down = any(w in said for w in ("less", "lower", "fewer", "younger", "below", "under", "most"))
    if (up and kind in ("LE", "LT")) or (down and kind in ("GE", "GT")):
        return None
    if "equal" in said or "=" in said or "at " in said:
        kind = {"GT": "GE", "LT": "LE"}.get(kind, kind)
    return Token(kind, words_of, start, end)


_ACUITY: Final = re.compile(
    r"\b(?:acuity|snellen|BCVA|BSCVA|CDVA|UCVA|UDVA|VA|vision|visual capacity)\b", re.IGNORECASE
)


def _snellen(raw: str, text: str, start: int, end: int) -> Token | None:
    """A visual acuity as a Snellen fraction, "20/40" or "6/12": what is read at so many feet or metres, as a decimal acuity."""
    feet, normal = (int(each) for each in raw.split("/"))
    least, most = _SNELLEN.get(feet, (_SIXTIETHS, _SIXTIETHS if feet < _METRES else 0))
    if not least <= normal <= most or not _ACUITY.search(text, 0, start):
        return None
    return Token("NUMBER", Number(feet / normal, unit="{Snellen}"), start, end)


_SNELLEN: Final = {20: (10, 2000), 6: (3, 600)}  # at so many feet, or metres: which lines there are
_METRES, _SIXTIETHS = 6, 60  # nearer, only the top line is read: "3/60"


def _pair(raw: str, start: int, end: int) -> Token | None:
    """A blood pressure, "140/90"."""
    upper, lower = (int(each) for each in raw.split("/"))
    return (
        Token("PAIR", (float(upper), float(lower)), start, end)
        if 70 <= upper <= 260 and 30 <= lower <= 150 and lower < upper
        else None
    )


def _word(root: _Root, found: list[_Word], index: int, text: str, before: str) -> Token:
    token = _name(root, found, index, text, before)
    key, start, end, _, _ = found[index]
    if text[start].isdigit():
        number = _number(text, start)
        if number is not None and (
            token is None or token.end <= number.end or token.type in ("WORD", "TIMEUNIT", "FILLER")
        ):
            return number
    if token is not None:
        return token
    if key in _TIMES_LETTERS and before in ("NUMBER", "DASH"):
        return Token("TIMES", key, start, end)
    return _single(key, start, end, text)


_RUN_ON_ULN: Final = frozenset(("uln", "xuln", "unl", "xunl"))


def _inner(text: str, position: int, after_number: bool) -> Token:
    """In the middle of a word that began with a number: "18years"."""
    match = _WORD.match(text, position)
    end = match.end() if match else position + 1
    key = words.key(text[position:end])
    unit = _TIME_UNIT.get((key,)) if after_number else None
    if unit:
        return Token("TIMEUNIT", unit, position, end)
    if after_number and key == "x":
        return Token("TIMES", key, position, end)
    if after_number and key in _RUN_ON_ULN:
        return Token("ULN", key, position, end)
    return Token("WORD", key, position, end)


def _dot(text: str, position: int) -> str:
    """What a full stop is: the end of a sentence (DOT), of a clause within parentheses (SEMI), or nothing."""
    before, after = text[max(0, position - 24) : position], text[position + 1 : position + 24]
    following = after.lstrip(" \t")
    if after[:1] and not after[0].isspace():
        joined = after[0].isalnum() and before[-1:].isalnum()
        if joined and not (after[0].isupper() and before[-3:].isalpha() and before[-1].islower()):
            return ""  # part of a name, a number, an address
        if after[0] in ",;:/-":
            return ""
    lower = following[:1].islower()
    goes_on = lower or following[:1].isdigit() or following[:1] in ",:(<>≥≤" or before[-2:-1] == "."
    if goes_on and _abbreviates(before):
        return ""
    if lower and _BEFORE_LOWER_CASE.search(before):
        return ""
    depth = text.count("(", 0, position) - text.count(")", 0, position)
    if depth > 0 and ")" in text[position:]:
        return "" if following[:1] == ")" else "SEMI"
    return "DOT"


def _abbreviates(before: str) -> bool:
    """Whether the last word is an abbreviation; a letter alone always is."""
    at = len(before)
    while at and (before[at - 1].isalnum() or before[at - 1] == "_"):
        at -= 1
    last = before[at:].lower()
    return last in _ABBREVIATED or (len(last) == 1 and "a" <= last <= "z")


_RANGE_SIGNS: Final = frozenset("GT LT".split())
_MENDING: Final = frozenset("AGE STAGE BETWEEN INCLUSIVE AS_DEFINED ROMAN OR_LESS".split())


def _mended(tokens: list[Token], text: str) -> list[Token]:
    """What only the neighbours of a token tell."""
    kinds = {token.type for token in tokens}
    if kinds.isdisjoint(_MENDING) and "WHO" not in text:
        return tokens
    found: list[Token] = []
    for index, token in enumerate(tokens):
        following = tokens[index + 1] if index + 1 < len(tokens) else None
        match token.type:
            case "WORD" if (
                found and _in_stages(found) and (stage := _STAGE_NAME.fullmatch(text, token.start, token.end))
            ):
                token = Token("STAGE_NAME", stage[1].upper() + stage[2].upper() + stage[3], token.start, token.end)
            case "WORD" if (
                len(found) > 1
                and found[-1].type == "NUMBER"
                and found[-1].end == token.start
                and (stage := _STAGE_NAME.fullmatch(text, found[-1].start, token.end))
                and _in_stages(found[:-1])
            ):  # "stage 3b"
                base = _STAGE_NUMBERS[int(stage[1])]
                token = Token("STAGE_NAME", base + stage[2].upper() + stage[3], found.pop().start, token.end)
            case "WORD" | "FILLER" if (
                found
                and found[-1].type == "ROMAN"
                and text[token.start : token.end] in _SUBSTAGES
                and _in_stages(found)
            ):  # "stage III A"
                name = text[found[-1].start : found[-1].end].upper() + text[token.start : token.end]
                token = Token("STAGE_NAME", name, found.pop().start, token.end)
            case "IS" if (
                text[token.start : token.end] == "WHO" and following is not None and following.type in _BEFORE_SCORE
            ):
                token = Token(
                    "ANALYTE", vocabulary().entry("measurement", "ECOG performance status"), token.start, token.end
                )
            case "STAGE" | "GRADE" if found and _of_performance(found[-1]):
                token = Token("TEST_WORD", token.value, token.start, token.end)
            case "AGE" if found and found[-1].said == "over the":  # "over the age of 18"
                found[-1] = Token("GT", "over", found[-1].start, found[-1].end)
            case "AGE" if found and found[-1].type == "BETWEEN":  # "between the ages of 18 and 75"
                found[-1] = Token("AGE", token.value, found[-1].start, found[-1].end)
                token = Token("BETWEEN", "between", token.start, token.end)
            case "ROMAN" if (
                following is not None
                and following.type == "TREATMENT"
                and token.value == _ROMAN["iv"]
                and not text[: token.start].endswith(("-", "/", "‐"))
            ):
                said = _tokens("intravenous")[0]  # "IV antibiotics"
                token = Token(said.type, said.value, token.start, token.end, said.others)
            case "AS_DEFINED":  # of a fact it is a part that counts; of anything else it says nothing more
                apart = bool(found) and found[-1].type in ("COMMA", "LPAR")
                if len(found) > apart and found[-1 - apart].type in ("CONDITION", "TREATMENT"):
                    if apart:
                        found[-1] = Token("FILLER", found[-1].value, found[-1].start, found[-1].end)
                    token = Token("QUALIFIER", qualifiers().find("defined by the protocol"), token.start, token.end)
                else:
                    token = Token("FILLER", token.value, token.start, token.end)
            case "RPAR" if len(found) > 1 and tokens[index - 1].type == "AS_DEFINED" and text[found[-2].start] == "(":
                token = Token("FILLER", token.value, token.start, token.end)
            case "INCLUSIVE" if not any(t.type in _RANGE_SIGNS for t in found[-8:]):
                token = Token("FILLER", token.value, token.start, token.end)
            case "LPAR" if (
                following is not None
                and following.type == "INCLUSIVE"
                and not any(t.type in _RANGE_SIGNS for t in found[-8:])
            ):
                token = Token("FILLER", "(", token.start, token.end)
            case "RPAR" if index and tokens[index - 1].type == "INCLUSIVE" and found[-1].type == "FILLER":
                token = Token("FILLER", ")", token.start, token.end)
            case "CONDITION" | "TREATMENT" if (
                len(found) > 1
                and found[-1].type == "OR_LESS"
                and found[-2].type == "WORD"
                and (named := _lower_of_two(found[-1], token, text)) is not None
            ):
                found.pop()
                found.append(named[0])
                token = named[1]
        found.append(token)
    return found


def _lower_of_two(less: Token, name: Token, text: str) -> tuple[Token, Token] | None:
    """ "(Upper) or lower respiratory infection": the second of two names, and what joins it to the first; None where
    there is no such name."""
    joint, _, adjective = text[less.start : less.end].partition(" ")
    start = less.end - len(adjective.lstrip())
    read = _tokens(text[start : name.end])
    if len(read) != 1 or read[0].type != name.type or joint.upper() not in ("OR", "AND"):
        return None
    kind, end = joint.upper(), less.start + len(joint)
    return Token(kind, joint, less.start, end), Token(name.type, read[0].value, start, name.end, read[0].others)


_BEFORE_SCORE: Final = frozenset("NUMBER LE LT EQ".split())


def _of_performance(token: Token) -> bool:
    """Whether it names a performance status: its stage, or grade, is its score."""
    return isinstance(token.value, Entry) and token.value.facts.get("type") == "performance"


_STAGE_NAME: Final = re.compile(r"((?:I{1,3}|IV|i{1,3}|iv)|[0-4])([A-Da-d])([1-3]?)")
_SUBSTAGES: Final = frozenset("ABCD")
_STAGE_NUMBERS: Final = ("0", "I", "II", "III", "IV")
_WITHIN_STAGES: Final = frozenset("ROMAN STAGE_NAME NUMBER PAIR OR AND COMMA SLASH DASH TO STAGE FILLER".split())


def _in_stages(found: list[Token]) -> bool:
    """Whether the next word goes on with a list of stages: "stage IIB, III or"."""
    at = len(found) - 1
    while at > 0 and found[at].type in _WITHIN_STAGES:
        if found[at].type == "STAGE":
            return True
        at -= 1
    return found[at].type == "STAGE"


def _time_unit_here(found: list[_Word], index_at: dict[int, int], position: int, end: int) -> bool:
    """Whether a word that is also a unit ("h", "d") is here the unit of a time."""
    index = index_at.get(position)
    return index is not None and (found[index][0],) in _TIME_UNIT and found[index][2] == end


def _dioptres(text: str, position: int, number: Token) -> bool:
    """Whether a "D" is the unit of a lens: "-0.50 D", but "5 D" are days."""
    return text.startswith("D", position) and "." in text[number.start : number.end]


def _single(key: str, start: int, end: int, text: str) -> Token:
    if key in _NUMBER_WORDS:
        return Token("NUMBER", Number(float(_NUMBER_WORDS[key])), start, end)
    raw = text[start:end]
    if raw in _ROMAN_NUMBERS:
        return Token("ROMAN", _ROMAN[raw.lower()], start, end)
    if raw in ("x", "X") and text[end:].lstrip()[:1].isdigit():
        return Token("TIMES", raw, start, end)
    return Token("WORD", key, start, end)


def _name(root: _Root, found: list[_Word], index: int, text: str, before: str) -> Token | None:
    """The longest name or function word that begins at a word."""
    key, start, end, joined, depth = found[index]
    here = root.step(key)
    if here is _NOWHERE:
        return None
    after_number = before in ("NUMBER", "DASH")
    counted = after_number and (key,) in _TIME_UNIT
    inside = outside = found[index - 1][4] if index else 0
    named: tuple[int, tuple[tuple[str, Any], ...]] | None = None
    at, last = index, len(found) - 1
    while inside >= outside:  # else a parenthesis that was opened before the name closes within it
        if (here.meanings or here.exact) and (inside == outside or (depth == outside and text[end : end + 1] == ")")):
            meanings = here.meanings
            if counted or not here.always:
                meanings = _meant(here, text, found, index, at, before)
            if meanings:
                named = (end + (inside != outside), meanings)
        there = _NOWHERE
        while joined and not here.last and at < last:
            at += 1
            inside = depth
            key, _, end, joined, depth = found[at]
            there = here.step(key)
            if there is not _NOWHERE or key not in _ARTICLES:
                break
        if there is _NOWHERE:
            break
        here = there
    if named is None:
        return None
    end, meanings = named
    if end - start <= 3 and text[start:end] in _ROMAN_NUMBERS:
        return None
    if not after_number and meanings[0][0] == "TIMEUNIT" and len(meanings) > 1 and end - start <= 2:
        meanings = meanings[1:]
    kind, value = meanings[0]
    return Token(_IN_PLACE_OF.get(kind, kind), value, start, end, meanings[1:])


def _meant(here: _Node, text: str, found: list[_Word], index: int, at: int, before: str) -> tuple[tuple[str, Any], ...]:
    """What the words from ``index`` to ``at`` mean where they stand; nothing where they are no name there."""
    meanings = here.meanings
    after_number = before in ("NUMBER", "DASH")
    key, _, end, _, _ = found[at]
    if not after_number and key in _ONLY_AFTER_NUMBER:
        meanings = tuple([m for m in meanings if m[0] != "TIMEUNIT"])
    if after_number and (found[index][0],) in _TIME_UNIT:  # "30 days of inclusion" is no "day of inclusion"
        meanings = tuple([m for m in meanings if m[0] not in ("ANCHOR", "AT_ANCHOR")])
    raw = text[found[index][1] : end]
    if here.exact and not meanings:  # a name to be believed only next to a number
        exact = tuple([(kind, entry) for said, kind, entry in here.exact if said == raw])
        return (("WORD", key), *exact) if exact else ()
    if here.shared:
        meanings = _preferred(meanings, raw)
    needing = meanings and meanings[0][0] in _NEED_BEFORE
    return () if needing and not _allowed(meanings[0][0], found, at, index, text, before) else meanings


def _preferred(meanings: tuple[tuple[str, Any], ...], raw: str) -> tuple[tuple[str, Any], ...]:
    """Of two entries of one kind, the one that is meant; neither where that is not clear."""
    kinds = [kind for kind, value in meanings if isinstance(value, Entry)]
    found: list[tuple[str, Any]] = []
    for kind, value in meanings:
        if isinstance(value, Entry) and kinds.count(kind) > 1:
            one = prefer([v for k, v in meanings if k == kind], raw)
            if one is not value:
                continue
        found.append((kind, value))
    return tuple(found)


_CODED: Final = re.compile(r"[-‐‑]\d{1,4}[a-zA-Z]?(?![\w./%-]|\s*(?:[-–]|to)\s*\d)")  # "EndoTAG-1", "TTF-1"
_ROMAN_RANGE: Final = re.compile(r"(?<=[IVABC0-9])[-‐‑](?:IV|V|I{1,3})[ABC]?(?![\w-])")  # "II-IV", "IIIB-IV"
_IN_PLACE_OF: Final = {"ASIDE": "FILLER", "PLACE": "SITE"}
_CLAUSE_ENDS: Final = re.compile(
    r"\s*(?:$|[.,;:)\]]|(?:and|or|if|who|unless|prior|before|are|is|must|will|may|should|except|provided|within|during|as|because)\b)",
    re.IGNORECASE,
)
_GIVEN_IN: Final = frozenset(  # "treated in this study" is about the study itself
    "treated used enrolled randomized randomised included participated participating given administered studied "
    "participation enrollment enrolment involved employed tested".split()
)
_NUMBER_AHEAD: Final = re.compile(r"\s*(?:[<>≤≥=]|or\s+equal|than|to\s+\d|\.?\d)")


def _allowed(kind: str, found: list[_Word], at: int, index: int, text: str, before: str) -> bool:
    """Whether a word that needs a number before it, or none behind it, has what it needs."""
    if kind == "LINES":
        return found[index][0] not in ("prior", "previous") or before in ("NUMBER", "OR_MORE", "OR_LESS", "RPAR")
    if kind == "PLACE":
        return _CLAUSE_ENDS.match(text, found[at][2]) is not None
    if kind == "ASIDE":
        used = found[index][0] == "in" and index and found[index - 1][0] in _GIVEN_IN
        return not used and _CLAUSE_ENDS.match(text, found[at][2]) is not None
    return not _NUMBER_AHEAD.match(text, found[at][2])


def _number(text: str, position: int) -> Token | None:
    if (bare := _BARE.match(text, position)) is not None:
        return Token("NUMBER", Number(float(bare.group())), position, bare.end())
    if _ORDINAL.match(text, position):
        return None
    fraction = _FRACTION.match(text, position)
    if fraction:
        return Token("WORD", fraction.group(), position, fraction.end())
    spaced = _SPACED.match(text, position)
    if spaced and not text[:position].rstrip(" ")[-1:].isdigit():
        return Token(
            "NUMBER", Number(float("".join(spaced["digits"].replace(",", " ").split()))), position, spaced.end()
        )
    power = _POWER.match(text, position)
    if power:
        mantissa = _mantissa(power["mantissa"]) if power["mantissa"] else 1.0
        exponent = int(
            (power["exponent"] or power["bracketed"] or power["superscript"] or power["lost"]).translate(_SUPERSCRIPTS)
        )
        note = f"read as 10^{exponent}" if power["lost"] else ""
        return Token("NUMBER", Number(float(f"{mantissa}e{exponent}"), note), position, power.end())
    thousands = _THOUSANDS.match(text, position)
    if thousands:
        value = _mantissa(thousands["mantissa"]) * float(thousands["thousands"].replace(",", ""))
        return Token("NUMBER", Number(value), position, thousands.end())
    plain = _PLAIN.match(text, position)
    if plain is None:
        return None
    end = plain.end()
    raw = plain["number"].replace(",", "").replace("·", ".")
    if plain["decimal"]:
        raw = raw + "." + plain["decimal"][1:]
    value = float(raw) * (1000 if plain["kilo"] else 1)
    grouped = _GROUPED.fullmatch(plain["number"]) is not None
    return Token("NUMBER", Number(value, "", grouped), position, end)


def _mantissa(raw: str) -> float:
    """The number before a power of ten: "1,5" and "1.5", "1,500"."""
    decimal = re.fullmatch(r"(\d+),(\d{1,2})", raw)
    return float(f"{decimal[1]}.{decimal[2]}" if decimal else raw.replace(",", "").replace("·", "."))
