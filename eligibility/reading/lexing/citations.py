"""What a text refers to, as patterns: criteria and their versions, appendices, formulas, methods."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["BY_CRITERIA", "CRITERIA", "REFERENCE", "REFERS", "REFERS_IN_BRACKETS"]

_MANUAL: Final = (
    r"Diagnostic (?:and|&) Statistical Manual(?:\s+(?:of|for)\s+Mental\s+(?:Disorders?|Illness(?:es)?|Health))?(?:\s+of\s+the\s+American\s+Psychiatric\s+Association)?"
    r"(?:[\s,-]+(?:(?:\d(?:th|rd)|third|fourth|fifth)\s+ed(?:ition|\.)?|ed(?:ition|\.)\s+(?:IV|V|4|5)\b|text\s+revis(?:ion|ed)|revised"
    r"|(?:version\s+)?(?:IV|V|4|5)\b)|[\s,]*[(\[]\s*DSM[^()\[\]]{0,12}[)\]])*"
)
_GRADED_BY: Final = (
    r"(?:(?:NCI|National Cancer Institute|WHO)(?:['’]s)?[\s-]+(?:\(NCI\)[\s-]*)?)?"
    rf"(?:{_MANUAL}|i?m?RECIST|Response Evaluation Criteria (?:in|for) Solid Tumou?rs|(?:NCI[\s-]?)?CTC(?:[\s-]?AE)?|DSM(?:[\s-]?(?:IV|V|5|III))?(?:[\s-]?(?:TR|R))?"
    r"|Common (?:Terminology|Toxicity) Criteria(?:\s+for\s+Adverse\s+(?:Events?|Effects?))?|ICD[\s-]?(?:9|10|11))\b"
)
_REFERENCED: Final = (
    r"(?:(?:modified|revised|updated|current|published|international|the)\s+)*"
    rf"(?:{_GRADED_BY}|(?:RANO|Lugano|Cheson|IWCLL|IMWG|PCWG-?[23]|McDonald|AJCC|NCCN|ESMO|ASCO(?:[/-]CAP)?|KDIGO|ACR/EULAR|EULAR"
    r"|(?:Prostate Cancer|International Myeloma) Working Group(?:\s*[23])?)\b)"
)
_VERSIONED: Final = (
    r"(?:[\s,(\[]*(?:guidelines?|criteria|classification|definitions?|recommendations?)\b)?(?:\s*[\])])?"
    r"(?:[\s,(\[-]*(?:(?:version|ver\.?|v\.?)\s*(?:[(\[]v[)\]]\s*)?\d+(?:\.\d+)*|\d\.\d+|(?:19|20)\d\d|\d{1,2}th\s+edition)\b\)?(?!\s*(?:mg|g/)))?"
    r"(?:\s*(?:guidelines?|criteria|classification|definitions?|recommendations?)\b)?"
)
_APPENDIX: Final = (
    r"[(\[]\s*(?:please\s+)?(?:see|refer\s+to|per|cf\.?)?\s*(?:also\s+)?(?:the\s+)?(?:protocol\s+)?(?:Appendi(?:x|ces)|Sections?|(?:Appendix,?\s+)?Tables?)\s*[A-Z0-9]{0,4}"
    r"(?:\.\d+)*(?:\s*(?:,|and|&)\s*[A-Z0-9]{1,3}(?:\.\d+)*)*(?:\s+(?:for|of)\s+(?:the\s+)?(?:details?|definitions?|more information|protocol))?\s*[)\]]"
)
_TOLD_BY: Final = (  # where something is known from: "(information obtained from the medical chart)"
    r"[(\[]\s*(?:(?:all\s+)?(?:information|data|history)\s+)?(?:(?:is\s+|to\s+be\s+)?(?:obtained|taken|collected|documented|available)\s+)"
    r"(?:from|in|by|via)\s+(?:the\s+)?(?:medical|patient|participant|subject|clinical|hospital|chart|health|source)[^()\[\]\d]{0,120}[)\]]"
)
_GRADES_OF: Final = (  # whose grades: "grade > 2 NCI-CTC v.3.0"
    r"(?<![\w-])(?:(?:NCI|National Cancer Institute)[\s-]+(?:CTC(?:[\s-]?AE)?|Common (?:Terminology|Toxicity) Criteria)|CTC[\s-]?AE"
    r"|Common (?:Terminology|Toxicity) Criteria)\b(?:\s+for\s+Adverse\s+(?:Events?+|Effects?+))?+(?!\s+grade)"
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
    r"|(?:24[\s-]*h(?:ou)?rs?\s+)?urine\s+collection|24[\s-]*h(?:ou)?rs?\s+urine(?:\s+creatinine\s+clearance)?)\b"
)
_FOUND_OUT: Final = (
    r"(?:calculated|estimated|measured|determined|assessed|evaluated|quantified|obtained|documented|demonstrated|shown"
    r"|confirmed|performed)"
)
_FORMULA: Final = (
    r"(?:as\s+)?(?:(?:(?:measured|estimated)\s+or\s+)?(?:calculated|estimated|measured|determined|assessed|computed|derived)\s+)?(?:by|using|per|with|via|according\s+to|based\s+on)\s+"
    r"(?:means\s+of\s+)?(?:the\s+|a\s+|an\s+)?(?:standard\s+|modified\s+|either\s+)?"
    rf"{_EQUATION}(?:\s*{_APPENDIX})?(?:\s*(?:,\s*(?:or|and)?|or|and/or|/)\s*(?:(?:by|the|an?|from)\s+)*(?:{_EQUATION}|{_CLEARED}))*"
    r"(?:,?\s+(?:as\s+(?:appropriate|applicable)|whichever\s+is\s+(?:appropriate|available)))?"
    rf"|(?:(?:as\s+)?{_FOUND_OUT}\s+)?(?:by|using|on|via|with|based\s+on)\s+(?:an?\s+|the\s+)?(?:either\s+)?{_HEART_SCAN}"
    rf"(?:\s*(?:or|and/or|/|,)\s*(?:an?\s+|by\s+)?{_HEART_SCAN})*+"
    r"(?!\s*(?:,|,?\s*or\b)\s*\(?(?:\w+\)?\s+){0,3}(?:ventriculogra|angiogra|scintigra|catheter|imaging|scan|tomogra|magnetic))"
)
_SEE_APPENDIX: Final = (
    r"(?:\s*[,;]\s*(?:see|refer\s+to|per)\s+(?:Appendi(?:x|ces)|Sections?|Tables?)\s+[A-Z0-9]{1,3}(?:\.\d+)*"
    r"(?:\s+for\s+(?:more\s+|further\s+)?(?:details?|information))?)?"
)
REFERENCE: Final = (
    r"(?:\b(?:as\s+)?(?:(?:defined|assessed|determined|measured|evaluated|graded|classified|established|specified|described|diagnosed)\s+)?"
    r"(?:by|per|using|in|in\s+accordance\s+with|according\s+to|based\s+(?:up)?on)\s+"
    rf"{_REFERENCED}{_VERSIONED}(?:\s*[\[(]\s*{_REFERENCED}{_VERSIONED}\s*[\])]?{_VERSIONED})*)"
    rf"|(?<=[(\[]){_GRADED_BY}{_VERSIONED}(?=\s*[)\];,])|{_GRADES_OF}{_VERSIONED}"
    rf"|\b{_MANUAL}(?=(?:\s+(?:based|defined|diagnostic))?\s+(?:diagnos[ei]s|criteria)\b)"
    rf"|{_APPENDIX}|{_TOLD_BY}|(?<![\w-])(?:{_FORMULA})(?![\w-])|[(\[]\s*(?:{_FORMULA}){_SEE_APPENDIX}\s*[)\]]|(?<=[(\[]){_EQUATION}(?:\s*(?:or|and/or|/)\s*{_EQUATION})?(?=[)\]])"
)
_NAME: Final = (
    r"(?:[A-Z][\w.'’/&-]*|\(?\d{4}\)?|\([A-Z][^()]{0,40}\)|and|&|of|for|the|revised|modified|updated|international)"
)
_NOT_CRITERIA: Final = (  # a class or a stage stands beside these; the others are the trial's own
    r"(?:New York|NYHA|Child|Canadian|CCS|Killip|Fitzpatrick|American Society of An|ASA\b|FIGO|Ann Arbor|GOLD|Hurley|Rutherford"
    r"|Zubrod|ECOG|Karnofsky|Lansky|Response\b|Barcelona|BCLC|Gleason|TNM|Inclusion|Exclusion|Eligibility|Protocol|Section|Appendix|Study|Trial|Investigator)"
)
_TITLE: Final = (  # what a classification is of: "of myeloid neoplasms and acute leukaemia"
    r"(?i:(?:AML|MDS|MPN|acute|chronic|myeloid|lymphoid|h(?:a)?ematopoietic|h(?:a)?ematologic(?:al)?|related|precursor"
    r"|myelodysplastic|myeloproliferative|tumou?rs?|neoplasms?|leuk(?:a)?emias?|lymphomas?|malignanc(?:y|ies)|tissues?"
    r"|central|nervous|system|the|of|and)\b\s*)+(?<=\w)"
)
CRITERIA: Final = (  # by whose criteria a diagnosis is made: "according to the Rome IV criteria (Drossman 2016)"
    r"(?<!\bis\s)(?<!\bare\s)(?<!\bbe\s)\b(?i:(?:as\s+)?(?:(?:defined|assessed|determined|established|confirmed|classified|diagnosed|specified)\s+)?"
    r"(?:by|per|using|in\s+accordance\s+with|according\s+to|based\s+(?:up)?on|following|as\s+per))\s+(?:the\s+)?"
    rf"(?:(?i:revised|modified|updated|current|published|international|established|diagnostic)\s+)*(?!{_NOT_CRITERIA})"
    rf"(?=[A-Z\d][\w'’/.&-]+\b)(?:{_NAME}\s+){{1,12}}?"
    r"(?:(?i:diagnostic|classification|consensus|clinical|committee|working\s+group)\s+)*"
    rf"(?i:criteria|classifications?|guidelines?|definitions?|recommendations?)\b(?:\s+of\s+(?:{_TITLE}|[A-Z]{{2,}}\b))?"
    r"(?!\s+(?:[IVX\d]+|(?:of|for)(?!\s+(?:at|more|over|\d)\b))\b)(?:\s*[\[(]+[^()\[\]]*\b(?:19|20)\d\d[a-z]?[\])]+)?"
    r"|\bas\s+(?:defined|described|classified|proposed|outlined)\s+by\s+[A-Z][\w'’-]+(?:\s+(?:and|&)\s+[A-Z][\w'’-]+|,?\s+et\s+al\.?)?"
    r"\s*[\[(][^()\[\]]*\b(?:19|20)\d\d[a-z]?[\])]"  # "as defined by Roe and Poe (1998)"
)
BY_CRITERIA: Final = ("criteri", "classif", "guideline", "definition", "recommendation")
REFERS = tuple(  # a first look: each reference has one of these in it, or one of those in brackets
    "recist|response eval|ctc|common t|dsm|statistical manual|icd|rano|lugano|cheson|iwcll|imwg|pcwg|mcdonald|ajcc|nccn|esmo|asco|kdigo|eular"
    "|working group|cockcroft|cockkroft|cockroft|ckd|kidney|diet|schwartz|jelliffe|mdrd|echo|muga|gated".split("|")
)
REFERS_IN_BRACKETS: Final = re.compile(
    r"[(\[][\s\w.]*(?:appendi|section|table|obtained|taken|documented|collected|available)"
)
