"""Words as the vocabulary compares them: one key for all the spellings of a word.

``key("Tumours") == key("tumor")``; ``keys("non-small-cell lung cancers")`` is non, small, cell, lung, cancer. A key is
its own key. In this order:

1. letters lose their case and accents, Greek letters are spelt out        ``TGF-β`` >> ``tgf``, ``beta``
2. hyphens, slashes and other punctuation part words, a possessive goes     ``Hodgkin's`` >> ``hodgkin``
3. British spellings become American                                        ``haemoglobin`` >> ``hemoglobin``
4. plurals become singular, of abbreviations, too                    ``metastases``, ``TKIs`` >> ``metastasis``, ``tki``
5. common misspellings are put right                                        ``hepatits`` >> ``hepatitis``
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import product
from math import prod
from typing import Final

__all__ = [
    "BRACKETED",
    "COUNTED",
    "IN_PARENTHESES",
    "PERSONS",
    "WORD",
    "afresh",
    "any_word",
    "key",
    "keys",
    "parted",
    "phrase",
    "spelt_out",
    "written",
]

BRACKETED: Final = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]")
COUNTED: Final = {
    word: number
    for number, word in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), 1)
}
"""The numbers that are written out, up to a dozen."""
IN_PARENTHESES: Final = re.compile(r"\([^()]*\)")
PERSONS: Final = "patients?|subjects?|participants?|individuals?|persons?|people|volunteers?"
"""Those of whom a criterion is asked, as alternatives of a pattern."""

WORD: Final = re.compile(r"[^\W_]+(?:['’`][^\W_]+)?")
_PARTED: Final = bytes(code if code < 128 and chr(code).isalnum() else ord(" ") for code in range(256))

_OTHER_LETTER: Final = re.compile(r"[^\W\x00-\x7f]|[’´]")  # or apostrophe; the rest parts words, as spaces do

_GREEK: Final = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "κ": "kappa", "λ": "lambda",
    "μ": "mu", "µ": "mu", "ω": "omega", "σ": "sigma", "τ": "tau",
}  # fmt: skip
_BRITISH: Final = (
    (re.compile(r"ae(?=[a-z])"), "e"),
    (re.compile(r"(?<=[a-z])(?<!^c(?=oe[nxf]))(?<!^t(?=oe(?:s?$|n)))oe(?=[a-z])|^oe(?=[a-z]{3})"), "e"),
    (re.compile(r"our(?=s?$|ed$|ing$|al$)"), "or"),
    (re.compile(r"^practis(?=e|ing)"), "practic"),
    (re.compile(r"is(?=(?:e|ed|es|ing|ation|ations)$)"), "iz"),
    (re.compile(r"yse(?=d?$)"), "yze"),
    (re.compile(r"^(label|level|model|travel|cancel|counsel|signal|tunnel|channel)l(?=ed$|ing$)"), r"\1"),
    (re.compile(r"(?<=[a-z]{3})tre$"), "ter"),
    (re.compile(r"sulph"), "sulf"),
    (re.compile(r"^(enrol|fulfil)(?!l)(?=ment|$)"), r"\1l"),
)
_MAYBE_BRITISH: Final = re.compile(r"ae|oe|our|ise|isi|isa|yse|ll|lm|fil|tre|sulph")  # a first look
_SINGULAR: Final = (
    ("es", re.compile(r"(?<=[a-z]{2})(gnos|stas|ectas|genes|ros|thes|lys|ytos|cris)es$"), r"\1is"),
    ("ies", re.compile(r"(?<=[a-z]{2})ies$"), "y"),
    ("es", re.compile(r"(?<=[a-z]{2})(ss|x|ch|sh)es$"), r"\1"),
    ("uses", re.compile(r"(?<=[a-z])(?<![oa])uses$"), "us"),
    ("s", re.compile(r"(?<=[a-z]{2})(?<![sui])s$"), ""),
)
_IRREGULAR: Final = {
    "abuses": "abuse", "accuses": "accuse", "aches": "ache", "ados": "ados", "aids": "aids", "allergenes": "allergen",
    "aminotransferases": "aminotransferase", "analyses": "analysis", "anastomoses": "anastomosis",
    "antigenes": "antigen", "as": "as", "axes": "axis", "backaches": "backache", "bacteria": "bacterium",
    "bases": "base", "biases": "bias", "biopsies": "biopsy", "bruises": "bruise", "caps": "caps",
    "carcinomata": "carcinoma", "caries": "caries", "cars": "cars", "cases": "case", "causes": "cause",
    "children": "child", "clothes": "clothes", "cops": "cops", "courses": "course", "cows": "cows",
    "crises": "crisis", "criteria": "criterion", "decreases": "decrease", "diabetes": "diabetes",
    "diagnoses": "diagnosis", "disease": "disease", "diseases": "disease", "diuretics": "diuretic", "does": "does",
    "doses": "dose", "earaches": "earache", "estrogenes": "estrogen", "estrogens": "estrogen", "excuses": "excuse",
    "exercises": "exercize", "feet": "foot", "fibroses": "fibrosis", "fistulae": "fistula", "four": "four",
    "fuses": "fuse", "gas": "gas", "gases": "gas", "genera": "genus", "genes": "gene", "glucoses": "glucose",
    "goes": "goes", "hads": "hads",
    "hars": "hars", "has": "has", "headaches": "headache", "herpes": "herpes", "his": "his", "horses": "horse",
    "hoses": "hose", "hour": "hour", "hours": "hour", "increases": "increase", "indices": "index",
    "infuses": "infuse", "iris": "iris", "is": "is", "its": "its", "kinases": "kinase", "lens": "lens",
    "lenses": "lens", "less": "less", "licenses": "license", "men": "man", "menses": "menses",
    "meds": "medication", "metastases": "metastasis", "misuses": "misuse", "ms": "ms", "muses": "muse",
    "nauseas": "nausea",
    "neuropathies": "neuropathy", "neuroses": "neurosis", "noses": "nose", "nurses": "nurse",
    "otherwise": "otherwise", "our": "our", "pelvis": "pelvis", "penis": "penis", "phases": "phase", "plus": "plus",
    "precise": "precise", "prostheses": "prosthesis", "proteases": "protease", "psychoses": "psychosis",
    "purposes": "purpose", "pus": "pus", "rabies": "rabies", "refuses": "refuse", "relapses": "relapse",
    "releases": "release", "responses": "response", "reuses": "reuse", "rise": "rise", "roses": "rose",
    "ruses": "ruse", "sars": "sars", "scabies": "scabies", "sepsis": "sepsis", "series": "series", "shoes": "shoe",
    "sinuses": "sinus", "species": "species", "stenoses": "stenosis", "stomachaches": "stomachache", "this": "this",
    "thromboses": "thrombosis", "toes": "toe", "toothaches": "toothache", "tour": "tour",
    "transferases": "transferase", "us": "us", "uses": "use", "viruses": "virus", "viscus": "viscus", "was": "was",
    "wise": "wise", "women": "woman", "yes": "yes", "your": "your",
}  # fmt: skip

_MISSPELT: Final = {  # no words themselves; each with one letter, or few, too many, too few or in another place
    "abtiretroviral": "antiretroviral", "acetominophen": "acetaminophen", "administraion": "administration",
    "adminstration": "administration", "albumine": "albumin", "alcaline": "alkaline", "allegy": "allergy",
    "alzeimer": "alzheimer", "alzhiemer": "alzheimer", "aminotransferease": "aminotransferase",
    "amoxicilin": "amoxicillin", "anaphalaxis": "anaphylaxis", "anaphylatic": "anaphylactic",
    "anaphylaxix": "anaphylaxis", "angiotension": "angiotensin", "anthracyline": "anthracycline",
    "anticepated": "anticipated", "antidepressent": "antidepressant", "antidipressant": "antidepressant",
    "antineoplasic": "antineoplastic", "antracycline": "anthracycline", "apsartate": "aspartate",
    "arrhythmea": "arrhythmia", "arrhytmia": "arrhythmia", "arryhthmia": "arrhythmia", "arrythmia": "arrhythmia",
    "arrythmic": "arrhythmic", "arthritits": "arthritis", "artrial": "arterial", "artritis": "arthritis",
    "ascitis": "ascite", "asociated": "associated", "asparatate": "aspartate", "asprin": "aspirin",
    "assosiation": "association", "athritis": "arthritis", "atrail": "atrial", "automimmune": "autoimmune",
    "azaleic": "azelaic", "azothioprine": "azathioprine", "baracitinib": "baricitinib", "barbituate": "barbiturate",
    "beastfeeding": "breastfeeding", "beeding": "bleeding", "bilaterial": "bilateral", "bilatral": "bilateral",
    "bilirrubin": "bilirubin", "billirubin": "bilirubin", "bisphophonate": "bisphosphonate",
    "bisphosphanate": "bisphosphonate", "bronchectasis": "bronchiectasis", "cacinoma": "carcinoma",
    "capacitabine": "capecitabine", "carbamazapine": "carbamazepine", "carbamazepin": "carbamazepine",
    "carbamezepine": "carbamazepine", "carboplatine": "carboplatin", "catergory": "category",
    "cettuximab": "cetuximab", "chemotheraphy": "chemotherapy", "chemotherpay": "chemotherapy",
    "chemotherpy": "chemotherapy", "chemothrapy": "chemotherapy", "chilbearing": "childbearing",
    "childberaring": "childbearing", "cholestrol": "cholesterol", "choloroquine": "chloroquine",
    "ciprofloxacine": "ciprofloxacin", "cisplatine": "cisplatin", "classsification": "classification",
    "cleatinine": "creatinine", "clopidogril": "clopidogrel", "clopidrogrel": "clopidogrel", "codition": "condition",
    "cognitve": "cognitive", "complaince": "compliance", "concentraiton": "concentration",
    "concomittant": "concomitant", "concommitant": "concomitant", "concommitantly": "concomitantly",
    "concurent": "concurrent", "continous": "continuous", "contradindication": "contraindication",
    "contraindiction": "contraindication", "contrindication": "contraindication", "controled": "controlled",
    "corticosteriod": "corticosteroid", "coumadine": "coumadin", "creatinin": "creatinine", "creatitine": "creatinine",
    "crieterion": "criterion", "cyclophospamide": "cyclophosphamide", "cyclosphosphamide": "cyclophosphamide",
    "cylcophosphamide": "cyclophosphamide", "cytogentic": "cytogenetic", "daralutamide": "darolutamide",
    "defibrilator": "defibrillator", "definied": "defined", "dependance": "dependence", "dependant": "dependent",
    "diabetis": "diabetes", "diabets": "diabetes", "diagnositic": "diagnostic", "diagnsis": "diagnosis",
    "diagonosis": "diagnosis", "diarrea": "diarrhea", "diarrhoe": "diarrhea", "diebetes": "diabetes",
    "dignosed": "diagnosed", "dignosis": "diagnosis", "disfunction": "dysfunction", "doxorubicine": "doxorubicin",
    "dysfuction": "dysfunction", "elegibility": "eligibility", "eligibile": "eligible", "eligiblity": "eligibility",
    "endoctine": "endocrine", "endometriod": "endometrioid", "endometroid": "endometrioid",
    "endophtalmitis": "endophthalmitis", "enzalutamine": "enzalutamide", "epilesy": "epilepsy",
    "epirubicine": "epirubicin", "epirubucin": "epirubicin", "esophagal": "esophageal", "examestane": "exemestane",
    "extpectancy": "expectancy", "fibrilation": "fibrillation", "fibromiyalgia": "fibromyalgia",
    "filteration": "filtration", "flecanide": "flecainide", "fluorocuracil": "fluorouracil",
    "fluorouracile": "fluorouracil", "fluoruracil": "fluorouracil", "fluroquinolone": "fluoroquinolone",
    "erythematosis": "erythematosus",
    "fluroropyrimidine": "fluoropyrimidine", "fluvestrant": "fulvestrant", "fredericia": "fridericia",
    "friderica": "fridericia", "fulvestant": "fulvestrant", "gastritits": "gastritis", "gemcitabin": "gemcitabine",
    "glucocortocoid": "glucocorticoid", "haemaglobin": "hemoglobin", "haemorrage": "hemorrhage",
    "heamatological": "hematological", "hemaglobin": "hemoglobin", "hematochrit": "hematocrit",
    "hematopoeitic": "hematopoietic", "hematopoetic": "hematopoietic", "hemmorhage": "hemorrhage",
    "hemoglobina": "hemoglobin", "hemoglobine": "hemoglobin", "hemogloblin": "hemoglobin", "hemogobin": "hemoglobin",
    "hemogoblin": "hemoglobin", "hemorrage": "hemorrhage", "hemorragge": "hemorrhage", "hemorragic": "hemorrhagic",
    "hepatistis": "hepatitis", "hepatitits": "hepatitis", "hepatits": "hepatitis", "hetatitis": "hepatitis",
    "hipertension": "hypertension", "histiological": "histological", "histiologically": "histologically",
    "hopital": "hospital", "hopitalization": "hospitalization", "hydroxiurea": "hydroxyurea",
    "hydroxycholoroquine": "hydroxychloroquine", "hydroxyxhloroquine": "hydroxychloroquine",
    "hyperlipedemia": "hyperlipidemia", "hypertenson": "hypertension", "hyperthyrodism": "hyperthyroidism",
    "hypotenstion": "hypotension", "hypothyrodism": "hypothyroidism", "ibuprophen": "ibuprofen",
    "ideopathic": "idiopathic", "immnosuppressant": "immunosuppressant", "immuncompromised": "immunocompromized",
    "immunodeficency": "immunodeficiency", "immunosuppresive": "immunosuppressive",
    "immunosupressant": "immunosuppressant", "immunosupression": "immunosuppression",
    "immunosupressive": "immunosuppressive", "impairmant": "impairment", "inappropiate": "inappropriate",
    "ineligeble": "ineligible", "infiammatory": "inflammatory", "inflammataory": "inflammatory",
    "inhability": "inability", "inhbitor": "inhibitor", "inhibtor": "inhibitor", "inihbitor": "inhibitor",
    "initation": "initiation", "inmunological": "immunological", "insuline": "insulin", "intereferon": "interferon",
    "interfer": "interfere", "interlukin": "interleukin", "intersticial": "interstitial",
    "intervetion": "intervention", "intollerance": "intolerance", "invesigational": "investigational",
    "invetigational": "investigational", "ischaemc": "ischemic", "ishemic": "ischemic", "itraconzole": "itraconazole",
    "itroconazole": "itraconazole", "karnofskcy": "karnofsky", "karnofski": "karnofsky", "karnosky": "karnofsky",
    "karnovsky": "karnofsky", "karnowsky": "karnofsky", "ketaconazole": "ketoconazole", "ketokonazole": "ketoconazole",
    "lapatanib": "lapatinib", "leuteinizing": "luteinizing", "likelyhood": "likelihood", "liklihood": "likelihood",
    "lutenizing": "luteinizing", "malignency": "malignancy", "matastasis": "metastasis", "mearsurable": "measurable",
    "meatstasis": "metastasis", "megesterol": "megestrol", "mellitis": "mellitus", "menopasual": "menopausal",
    "mesurable": "measurable", "metastaic": "metastatic", "metastastic": "metastatic", "metastatis": "metastasis",
    "metformine": "metformin", "methotraxate": "methotrexate", "mililiter": "milliliter", "milisecond": "millisecond",
    "millilter": "milliliter", "mininum": "minimum", "mycardial": "myocardial", "myelodisplastic": "myelodysplastic",
    "myelodyplastic": "myelodysplastic", "myesthenia": "myasthenia", "nafazodone": "nefazodone",
    "negatice": "negative", "neoadiuvant": "neoadjuvant", "neoajuvant": "neoadjuvant",
    "neuroendocrin": "neurendocrine", "neuropatic": "neuropathic", "neutrophile": "neutrophil",
    "nitorsourea": "nitrosourea", "occured": "occurred", "occuring": "occurring", "oopherectomy": "oophorectomy",
    "osteoarthrithis": "osteoarthritis", "osteoperosis": "osteoporosis", "osteoporois": "osteoporosis",
    "osteopososis": "osteoporosis", "oxalacetic": "oxaloacetic", "paliative": "palliative",
    "pancreatits": "pancreatitis", "paraffine": "paraffin", "paritcipant": "participant",
    "partcipated": "participated", "particiapant": "participant", "pateint": "patient", "patietn": "patient",
    "patinet": "patient", "penicilin": "penicillin", "performace": "performance", "peripherial": "peripheral",
    "persistant": "persistent", "phenobarbitol": "phenobarbital", "phenytoine": "phenytoin", "platinium": "platinum",
    "pneumonits": "pneumonitis", "pneumonoa": "pneumonia", "pnuemonia": "pneumonia", "polymeras": "polymerase",
    "pophyria": "porphyria", "porcedure": "procedure", "positve": "positive", "pragnancy": "pregnancy",
    "preceeding": "preceding", "predisone": "prednisone", "prednisolon": "prednisolone", "prednison": "prednisone",
    "preganancy": "pregnancy", "pregnacy": "pregnancy", "prenancy": "pregnancy", "presure": "pressure",
    "previusly": "previously", "progesteron": "progesterone", "proteinurea": "proteinuria", "psoariasis": "psoriasis",
    "psychatric": "psychiatric", "psycological": "psychological", "psyschological": "psychological",
    "pulmanary": "pulmonary", "pulmonay": "pulmonary", "pulmunary": "pulmonary", "pyschiatric": "psychiatric",
    "pyschosis": "psychosis", "pyschotic": "psychotic", "questionaire": "questionnaire", "raction": "reaction",
    "radioterapy": "radiotherapy", "radiotheraphy": "radiotherapy", "raditherapy": "radiotherapy",
    "recieve": "receive", "recieved": "received", "recieving": "receiving", "reciving": "receiving",
    "recommandation": "recommendation", "recurrance": "recurrence", "refractary": "refractory", "releated": "related",
    "repiratory": "respiratory", "repsonse": "response", "requierment": "requirement", "requirment": "requirement",
    "requring": "requiring", "resecable": "resectable", "resitant": "resistant", "reveived": "received",
    "rhematoid": "rheumatoid", "rheumatiod": "rheumatoid", "rhuematoid": "rheumatoid", "rifampine": "rifampin",
    "ritinavir": "ritonavir", "rosiglitzone": "rosiglitazone", "sceening": "screening",
    "schizophrenea": "schizophrenia", "schizoprenia": "schizophrenia", "segement": "segment", "seisure": "seizure",
    "sensistivity": "sensitivity", "sentinal": "sentinel", "severly": "severely", "siezure": "seizure",
    "significat": "significant", "simultaniously": "simultaneously", "sistolic": "systolic", "sporiasis": "psoriasis",
    "standart": "standard", "steriod": "steroid", "sucidal": "suicidal", "sufonylurea": "sulfonylurea",
    "suicidial": "suicidal", "sulfonlylurea": "sulfonylurea", "sulpfonylurea": "sulfonylurea",
    "suspecious": "suspicious", "syndorme": "syndrome", "syphillis": "syphilis", "temozolamide": "temozolomide",
    "thalessemia": "thalassemia", "theraphy": "therapy", "thiazoledinedione": "thiazolidinedione",
    "thiazolidindione": "thiazolidinedione", "thiazolidnedione": "thiazolidinedione", "thyroxin": "thyroxine",
    "tociluzimab": "tocilizumab", "tolarated": "tolerated", "topaical": "topical", "transminase": "transaminase",
    "transplanation": "transplantation", "tratuzumab": "trastuzumab", "treament": "treatment",
    "treatement": "treatment", "tretment": "treatment", "tromboembolic": "thrombembolic", "trombosis": "thrombosis",
    "tubercolosis": "tuberculosis", "tuberculois": "tuberculosis", "tyrosin": "tyrosine",
    "unconrolled": "uncontrolled", "uncotrolled": "uncontrolled", "untreaed": "untreated",
    "venitlation": "ventilation", "ventricualr": "ventricular", "warfarine": "warfarin",
}  # fmt: skip


def _key(word: str) -> str:
    if len(word) > 3 and word[-1] == "s" and word[:-1].isupper() and word[:-1].isalpha():
        word = word[:-1]  # "PLTs", "TKIs"
    low = _lower(word)
    low = _MISSPELT.get(low, low)
    while (new := _once(low)) != low:
        low = new
    return _MISSPELT.get(low, low)


def _lower(word: str) -> str:
    low = word.lower()
    if not low.isascii():
        low = "".join(_GREEK.get(c, c) for c in low)
        low = "".join(c for c in unicodedata.normalize("NFKD", low) if not unicodedata.combining(c)).lower()
    if low.isalnum():
        return low
    low = re.sub(r"['’`]s?$", "", low.replace("’", "'"))
    return low.replace("'", "").replace("`", "")


def _once(low: str) -> str:
    if low in _IRREGULAR:
        return _IRREGULAR[low]
    if len(low) <= 3 or not low.isalpha():
        return low  # a digit before the s is no plural
    for ending, pattern, replacement in _SINGULAR:
        if not low.endswith(ending):
            continue
        new = pattern.sub(replacement, low)
        if new != low:
            low = new
            break
    if low in _IRREGULAR:
        return _IRREGULAR[low]
    if not _MAYBE_BRITISH.search(low):
        return low
    for pattern, replacement in _BRITISH:
        low = pattern.sub(replacement, low)
    return low


def parted(text: str) -> list[str] | None:
    """The words of a text as :data:`WORD` finds them, in a third of the time; ``None`` of a text that needs that."""
    if "'" in text or "`" in text or not (text.isascii() or _OTHER_LETTER.search(text) is None):
        return None
    return text.encode("ascii", "replace").translate(_PARTED).decode("ascii").split()


def written(text: str) -> list[str]:
    """The words of a text as :data:`WORD` finds them."""
    found = parted(text)
    return WORD.findall(text) if found is None else found


_known: Final[dict[str, str]] = {}
_MOST_KNOWN: Final = 65536


def key(word: str) -> str:
    """The form in which one word is compared. ``word`` holds no white space. Remembers words."""
    found = _known.get(word)
    if found is None:
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        found = _known[word] = _key(word)
    return found


@lru_cache(maxsize=16384)
def keys(text: str) -> tuple[str, ...]:
    """The keys of all words of a text, in order. Remembers texts: see :func:`afresh`."""
    return tuple([key(word) for word in written(text)])


def afresh() -> Callable[[str], tuple[str, ...]]:
    """As :func:`keys`, for what is written of a patient: words are remembered no longer than the function is kept."""
    known: dict[str, str] = {}

    def of(text: str) -> tuple[str, ...]:
        found = written(text)
        for word in found:
            if word not in known:
                known[word] = _key(word)
        return tuple([known[word] for word in found])

    return of


def phrase(text: str) -> str:
    """The keys of a text as one string: the name of an open concept."""
    return " ".join([key(word) for word in written(text)])


_CHOICE: Final = re.compile(r"\(([^()]*\|[^()]*)\)")
_MOST_SPELLINGS: Final = 50_000


def spelt_out(template: str) -> Iterator[str]:
    """The spellings that a template stands for: "first (study|trial|) dose" is three.

    Raises :class:`ValueError` where they are so many that each start of the program would pay for them.
    """
    pieces = _CHOICE.split(template)
    options = [piece.split("|") if number % 2 else [piece] for number, piece in enumerate(pieces)]
    many = prod([len(option) for option in options])
    if many > _MOST_SPELLINGS:
        raise ValueError(f"{template!r} stands for {many:,} wordings, of at most {_MOST_SPELLINGS:,}: make it several")
    return ("".join(chosen) for chosen in product(*options))


def any_word(*alternatives: str) -> str:
    r"""``\b(?:...|...)`` for :func:`re.search`, in a third of the time; each of them begins with a small letter.

    The search skips to the next of a set of characters, but not where a pattern begins with ``\b`` or in either case:
    so the letters stand first, and what must precede them behind.
    """
    rests: dict[str, list[str]] = {}
    for each in alternatives:
        rests.setdefault(each[0], []).append(each[1:])
    letters = "".join(rests) + "".join(rests).upper()
    return rf"(?-i:[{letters}])(?<!\w.)(?:" + "|".join(
        f"(?<={first})(?:{'|'.join(behind)})" for first, behind in rests.items()
    ) + ")"  # fmt: skip
