"""Words as the vocabulary compares them: one key for all the spellings of a word.

``key("Tumours") == key("tumor")``; ``keys("non-small-cell lung cancers") == ("non", "small", "cell", "lung", "cancer")``.
In this order:

1. letters lose their case and accents, Greek letters are spelt out        ``TGF-β`` >> ``tgf``, ``beta``
2. hyphens, slashes and other punctuation part words, a possessive goes     ``Hodgkin's`` >> ``hodgkin``
3. British spellings become American                                        ``haemoglobin`` >> ``hemoglobin``
4. plurals become singular                                                  ``metastases`` >> ``metastasis``
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = ["WORD", "key", "keys", "phrase"]

WORD = re.compile(r"[^\W_]+(?:['’`][^\W_]+)?")

_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "κ": "kappa", "λ": "lambda",
    "μ": "mu", "µ": "mu", "ω": "omega", "σ": "sigma", "τ": "tau",
}  # fmt: skip
_BRITISH = (
    (re.compile(r"ae(?=[a-z])"), "e"),
    (re.compile(r"(?<=[a-z])oe(?=[a-z])|^oe(?=[a-z]{3})"), "e"),
    (re.compile(r"our(?=s?$|ed$|ing$|al$)"), "or"),
    (re.compile(r"is(?=(?:e|ed|es|ing|ation|ations)$)"), "iz"),
    (re.compile(r"yse(?=d?$)"), "yze"),
    (re.compile(r"ll(?=ed$|ing$)"), "l"),
    (re.compile(r"(?<=[a-z]{3})tre$"), "ter"),
    (re.compile(r"sulph"), "sulf"),
)
_SINGULAR = (
    (re.compile(r"(?<=[a-z]{2})(gnos|stas|gen|crol|ros|mbol|thes|lys|ytos|alys|yps|bas|cris)es$"), r"\1is"),
    (re.compile(r"(?<=[a-z]{2})ies$"), "y"),
    (re.compile(r"(?<=[a-z]{2})(s|x|z|ch|sh)es$"), r"\1"),
    (re.compile(r"(?<=[a-z]{2})(?<![sui])s$"), ""),
)
_IRREGULAR = {
    "diseases": "disease", "nauseas": "nausea", "biopsies": "biopsy", "criteria": "criterion", "bacteria": "bacterium",
    "carcinomata": "carcinoma", "women": "woman", "men": "man", "children": "child", "feet": "foot", "releases": "release",
    "doses": "dose", "increases": "increase", "decreases": "decrease", "cases": "case", "menses": "menses",
    "phases": "phase", "diuretics": "diuretic", "abuses": "abuse", "uses": "use", "nurses": "nurse", "causes": "cause",
    "exercises": "exercize", "lenses": "lens", "viruses": "virus", "his": "his", "has": "has", "was": "was", "does": "does",
    "gases": "gas", "noses": "nose", "indices": "index", "bases": "base", "genes": "gene", "kinases": "kinase",
    "proteases": "protease", "transferases": "transferase", "aminotransferases": "aminotransferase",
    "responses": "response", "courses": "course", "licenses": "license", "sinuses": "sinus", "relapses": "relapse",
    "bruises": "bruise", "axes": "axis", "series": "series", "species": "species", "rabies": "rabies", "scabies": "scabies",
    "caries": "caries", "herpes": "herpes", "diabetes": "diabetes", "metastases": "metastasis", "antigenes": "antigen",
    "estrogenes": "estrogen", "allergenes": "allergen", "our": "our", "four": "four", "hour": "hour", "your": "your",
    "hours": "hour", "tour": "tour", "estrogens": "estrogen", "otherwise": "otherwise", "rise": "rise", "wise": "wise",
    "disease": "disease", "precise": "precise", "shoes": "shoe", "toes": "toe", "goes": "goes", "aids": "aids",
    "sepsis": "sepsis", "ms": "ms", "us": "us", "as": "as", "is": "is", "this": "this", "less": "less", "pus": "pus",
    "plus": "plus", "iris": "iris", "pelvis": "pelvis", "penis": "penis", "analyses": "analysis", "crises": "crisis",
    "prostheses": "prosthesis", "neuroses": "neurosis", "psychoses": "psychosis", "fibroses": "fibrosis",
    "stenoses": "stenosis", "thromboses": "thrombosis", "diagnoses": "diagnosis", "anastomoses": "anastomosis",
}  # fmt: skip


@lru_cache(maxsize=65536)
def key(word: str) -> str:
    """The form in which one word is compared. ``word`` holds no white space."""
    low = word.lower()
    if not low.isascii():
        low = "".join(_GREEK.get(c, c) for c in low)
        low = "".join(c for c in unicodedata.normalize("NFKD", low) if not unicodedata.combining(c))
    low = re.sub(r"['’`]s?$", "", low.replace("’", "'"))
    low = low.replace("'", "")
    if low in _IRREGULAR:
        return _IRREGULAR[low]
    if len(low) <= 3 or not low.isalpha():
        # "PLTs", "TKIs": a plural of an abbreviation; a digit before the s is no plural
        return low[:-1] if len(low) == 4 and low.endswith("s") and low[-2].isalpha() and word[:-1].isupper() else low
    for pattern, replacement in _SINGULAR:
        new = pattern.sub(replacement, low)
        if new != low:
            low = new
            break
    if low in _IRREGULAR:
        return _IRREGULAR[low]
    for pattern, replacement in _BRITISH:
        low = pattern.sub(replacement, low)
    return low


@lru_cache(maxsize=65536)
def keys(text: str) -> tuple[str, ...]:
    """The keys of all words of a text, in order."""
    return tuple(key(match.group()) for match in WORD.finditer(text))


def phrase(text: str) -> str:
    """The keys of a text as one string: the name of an open concept."""
    return " ".join(keys(text))
