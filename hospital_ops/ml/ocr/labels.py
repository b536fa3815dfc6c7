"""How cards word their labels, in one table; and finding them in a line of text."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Field → wordings. A key that starts with "-" is a label whose value is none of ours: it must still be
# known, so that a payer's id or a copay is not taken for the member's number.
INSURANCE: dict[str, tuple[str, ...]] = {
    "member_id": (
        "member id number", "member id no", "member id", "member number", "member no", "member #", "mbr id",
        "member identification number", "member identification", "id number", "id no", "id #", "id",
        "identification number", "identification no", "identification", "subscriber id number",
        "subscriber id", "subscriber number", "subscriber no", "subscriber #", "sub id", "enrollee id",
        "enrollee number", "policy number", "policy no", "policy #", "policy id", "policy",
        "certificate number", "certificate no", "certificate", "contract number", "contract no", "contract id",
        "contract #", "medicare number", "medicaid id", "medicaid number", "recipient id", "insured id",
        "insured id number", "participant id", "cardholder id", "beneficiary id", "identificacion",
        "numero de miembro", "id de miembro", "no de miembro", "numero de poliza", "numero de medicare", "membership number",
        "membership no", "membership id", "customer id", "card id", "insured's id", "medical record number", "medical record no",
        "medical record #", "health record number", "mrn", "recipient number", "recipient no", "client id", "client id number",
        "client identification number", "dod benefits number", "benefits number", "no de identificacion",
        "numero de identificacion", "numero de afiliado", "no de afiliado", "id de afiliado", "numero de contrato", "no de contrato", "contrato",
        "no de poliza", "poliza", "employee id", "employee id number", "id del miembro", "no del miembro", "id del afiliado", "id del asegurado", "numero del afiliado",
        "numero del miembro", "medicaid no", "medicare id", "medicare claim number", "case id", "insurance id", "health id",
    ),
    "member_name": (
        "member name", "member", "name", "subscriber name", "subscriber", "insured name", "insured",
        "enrollee name", "enrollee", "cardholder", "cardholder name", "card holder", "policyholder",
        "policyholder name", "policy holder", "patient name", "patient", "primary insured", "name of insured",
        "name of member", "primary member", "primary subscriber", "participant", "participant name",
        "beneficiary", "beneficiary name", "nombre del miembro", "nombre", "miembro", "insured's name",
        "member's name", "employee", "employee name", "covered member", "customer name", "name of enrollee", "name of subscriber",
        "name of patient", "name of cardholder", "name of beneficiary", "nombre del afiliado", "afiliado", "nombre del suscriptor", "suscriptor",
        "asegurado", "nombre del asegurado", "nombre de asegurado", "nombre de afiliado", "nombre de miembro", "nombre del paciente", "nombre y apellidos",
    ),
    "last_name": ("last name", "member last name", "apellido", "apellidos"),
    "first_name": ("first name", "member first name", "nombres", "given name"),
    "group_number": (
        "group number", "group no", "group #", "group id", "group", "grp number", "grp no", "grp #", "grp",
        "grp id", "employer group", "employer group number", "group policy", "group policy number",
        "numero de grupo", "grupo", "no de grupo", "group policy no", "plan group", "account number",
        "account no", "group num", "group account", "group / division", "group / subgroup", "group / section", "group / suffix", "group / location",
        "group division", "group / account", "grp / div", "grp / sub", "numero del grupo",
    ),
    "plan": (
        "plan", "plan name", "plan type", "product", "product name", "coverage type", "coverage", "benefit plan",
        "type of plan", "health plan", "your plan", "plan description", "network plan", "plan / product",
        "product type", "benefit package", "plan de salud", "type", "nombre del plan", "tipo de plan", "cubierta", "cobertura", "tipo de cubierta", "tipo de cobertura",
    ),
    "rx_bin": ("rxbin", "rx bin", "bin", "bin #", "bin no", "bin number", "rx bin #", "rx bin no",
               "rxiin", "rx iin", "iin", "rx iin #", "rx issuer", "pharmacy bin", "rx bin number", "rxbin #", "issuer bin", "pbm bin"),
    "rx_pcn": ("rxpcn", "rx pcn", "pcn", "pcn #", "pcn no", "processor control number", "pcn number",
               "rx pcn #", "pharmacy pcn", "rxpcn #", "processor control no", "pbm pcn"),
    "effective_date": (
        "effective date", "effective", "eff date", "eff", "coverage effective", "effective on",
        "coverage effective date", "coverage begins", "coverage starts", "cobertura empieza", "coverage start", "coverage start date", "effective from",
        "start date", "valid from", "plan effective", "plan effective date", "coverage from", "date effective",
        "eff dt", "begins", "fecha efectiva", "vigencia desde", "effective as of", "coverage date", "in force since",
        "effective date of coverage", "date of coverage", "member effective date", "member effective", "member eff date", "subscriber effective date", "group effective date", "enrollment effective date",
        "enrollment effective", "enrollment date", "coverage dates", "coverage period", "policy period", "fecha de efectividad", "efectivo",
        "inicio de cobertura", "inicio de vigencia", "cobertura desde", "vigente desde", "efectividad", "efectivo desde",
        "coverage begin date", "begin date", "policy effective date", "policy effective", "plan start", "fecha de vigencia", "vigencia",
    ),
    "phone": (
        "customer service", "customer care", "member services", "member service", "customer services", "phone",
        "member phone", "telephone", "tel", "call", "questions", "questions call", "toll free", "phone number",
        "customer service phone", "help line", "helpline", "members call", "contact us", "call us", "member care",
        "for members", "for member services call", "servicios para miembros", "servicio al cliente", "telefono",
        "member help line", "member support", "member line", "members", "member hotline", "service center", "help",
        "member service phone", "member services phone", "member service number", "customer service number",
        "servicios al miembro", "servicios al afiliado", "servicio al afiliado", "servicio al asegurado", "servicios al asegurado", "servicio a miembros", "servicios a miembros",
        "servicio a afiliados", "servicio al miembro", "servicios al cliente", "llame", "member service contact center", "member service center", "customer service center", "member contact center", "customer contact center",
        "customer support", "member assistance", "call toll free", "member inquiries", "customer phone", "atencion al cliente",
    ),
    "-rx_group": ("rxgrp", "rx grp", "rx group", "rxgroup", "pharmacy group", "rx grp #", "rx group no", "rx group #",
                  "rx id", "rxid", "rx group number"),
    "-payer_id": ("payer id", "payor id", "edi payer id", "electronic payer id", "payer", "payer #", "edi", "payer no",
                  "health plan id", "health plan 80840", "claims payer id", "issuer", "issuer id", "naic"),
    "-plan_code": ("plan code", "bs plan code", "bc plan code", "bcbs plan", "plan codes", "plan id", "plan no", "plan number",
                   "cms", "cms #", "contract / pbp", "h #"),
    "-subgroup": ("division", "subgroup", "sub group", "sub grp", "subgroup no", "subgroup number", "section", "location", "class code",
                  "benefit class", "division no", "division number", "sequence", "seq", "seq no"),
    "-web": ("website", "web site", "web", "online", "visit us", "email", "e-mail", "sitio web"),
    "-access": ("access number", "iso", "card number", "control number", "seq number"),
    "-dependent": ("dependents", "dependent", "spouse", "child", "person code", "suffix", "dep", "pc", "relationship",
                   "dependent name", "dependientes", "rel", "person", "member suffix"),
    "-doctor": ("pcp", "pcp name", "primary care physician", "primary care provider", "physician", "doctor", "pcp phone", "dr",
                "medical group", "primary care", "medico", "primary care dentist", "clinic", "provider group", "ipa", "primary care manager", "pcm",
                "pcm phone", "pcp number", "assigned pcp", "medico primario", "medico de cabecera", "primary dentist", "medical home"),
    "-money": ("copay", "copays", "copayment", "office visit", "specialist", "emergency", "er", "urgent care", "deductible",
               "out of pocket", "oop max", "coinsurance", "office", "generic", "brand", "pcp visit", "preventive",
               "emergency room", "hospital", "tier 1", "tier 2", "oop", "ded", "visit", "specialty", "rx", "in network",
               "out of network", "individual", "family", "primary care visit", "er visit", "telehealth", "copago", "copagos", "consulta", "especialista", "urgencias", "deducible", "sala de emergencia",
               "sala de emergencias", "visita", "coaseguro", "emergencia"),
    "-dates": ("date of birth", "dob", "birth date", "birthdate", "issue date", "issued", "date issued", "card issued",
               "print date", "printed", "expires", "expiration", "expiration date", "exp", "exp date", "term date",
               "valid through", "valid thru", "termination date", "member since", "fecha de nacimiento", "date printed", "born",
               "coverage ends", "renewal date", "renewal", "effective through", "effective thru", "effective to", "effective until", "coverage through",
               "coverage thru", "coverage to", "through", "thru", "valid to", "valid until", "plan year", "provider effective", "provider effective date",
               "pcp effective", "pcp effective date", "pcp eff date", "fecha de emision", "fecha de expiracion", "vence", "vigencia hasta",
               "nacimiento", "benefit year", "card date", "birthday", "effective end", "effective end date", "date of expiration", "end date", "issue dt", "date of issue"),
    "-entitled": ("entitled to", "con derecho a", "is entitled to"),
    "-employer": ("employer", "employer name", "company", "sponsor", "employer group name", "group name", "plan sponsor"),
    "-network": ("network", "network name", "provider network", "service area", "region"),
    "-other_phone": (
        "provider services", "provider service", "providers", "providers call", "provider", "provider line",
        "pharmacy help desk", "pharmacy", "pharmacists", "pharmacist", "pharmacy help", "nurse line", "nurseline",
        "24 hour nurse line", "24/7 nurse line", "nurse advice line", "nurse advice", "nurse", "prior authorization",
        "preauthorization", "precertification", "pre certification", "precert", "authorization", "authorizations",
        "behavioral health", "mental health", "tty", "tdd", "fax", "dental", "vision", "claims", "claims phone",
        "rx help desk", "rx help", "provider inquiries", "for providers", "crisis line", "pharmacy services", "eligibility",
        "hearing impaired", "pharmacists call", "medical claims", "mail claims to", "claims address", "send claims to",
        "submit claims to", "provider relations", "provider support", "fraud", "fraud hotline", "teladoc", "transportation",
        "telemedicine", "virtual visits", "virtual care", "prior auth", "pre auth", "pre authorization", "pre cert",
        "pharmacist line", "pharmacy line", "pharmacy phone", "provider phone", "provider services phone",
        "provider customer service", "utilization management", "case management", "care management", "advocate",
        "farmacia", "proveedores", "proveedor", "linea de enfermeria", "enfermeria", "salud mental", "emergencias", "reclamaciones",
    ),
}  # fmt: skip

IDENTITY: dict[str, tuple[str, ...]] = {
    "name": ("name", "full name", "holder", "cardholder", "nombre", "nombre completo", "name of holder"),
    "last_name": ("last name", "surname", "family name", "ln", "1 ln", "apellidos", "apellido", "1 last name", "1 family name", "last",
                  "surname / apellidos", "surnames", "primary name", "1", "nom", "apellidos / surname", "family"),
    "first_name": ("first name", "given names", "given name", "fn", "2 fn", "nombres", "2 given names", "2 given name", "first", "2 first name", "2 nombre", "2 name",
                   "first and middle name", "first middle", "given names / nombres", "first names", "given", "2", "prenoms", "prenom", "first name / middle name", "first name and middle name"),
    "dob": ("dob", "date of birth", "birth date", "birthdate", "born", "3 dob", "3 date of birth", "fecha de nacimiento", "d.o.b", "date de naissance", "nacimiento",
            "3 birth date", "birth", "3"),
    "id_number": ("dl", "dl no", "dl number", "dln", "4d dln", "4d dl no", "4d lic no", "lic no", "license no", "license number", "licence no",
                  "driver license no", "driver license number", "id no", "id number", "id #", "id", "4d id no", "4d id", "4d no", "4d number",
                  "customer identifier", "customer id", "4d customer identifier", "document no", "document number", "passport no", "card no", "card number",
                  "identification no", "identification number", "no", "number", "4d", "lic #", "dl #", "license #", "operator no", "id card no", "numero de licencia",
                  "4d lic", "lic", "4d dl", "numero", "dl / id", "dl / id no", "license #", "passport number", "no de pasaporte", "no du passeport",
                  "passport card no", "pasaporte no", "numero de pasaporte", "pasaporte", "uscis #", "card #", "no de licencia", "num licencia", "dd no",
                  "licencia no", "numero de identificacion", "no de identificacion", "license number no", "idn", "dlid"),
    "address": ("address", "addr", "8 address", "residence", "residence address", "home address", "direccion", "8", "8 addr", "street address", "8 residence", "domicilio",
                "mailing address", "street", "add"),
    "expiry": ("exp", "expires", "expiration", "expiration date", "exp date", "4b exp", "valid until", "valid thru", "valid through", "date of expiry",
               "4b expires", "4b exp date", "expires on", "expiry", "expiry date", "good until", "good thru", "4b", "4b expiration date", "vence", "fecha de vencimiento", "4b expiration",
               "card expires", "fecha de caducidad", "fecha de expiracion", "date d'expiration", "date of expiration", "vencimiento", "expira"),
    "-issued": ("iss", "issued", "4a iss", "issue date", "date of issue", "date issued", "4a", "iss date", "4a issue date", "4a issued", "first issued",
                "original issue", "fecha de expedicion", "date de delivrance", "fecha de emision", "expedicion", "resident since", "valid from", "card valid from"),
    "-sex": ("sex", "15 sex", "gender", "sexo", "sexe"),
    "-height": ("hgt", "height", "16 hgt", "ht", "16 height"),
    "-weight": ("wgt", "weight", "17 wgt", "wt", "17 weight"),
    "-eyes": ("eyes", "18 eyes", "eye color", "eye", "18 eye"),
    "-hair": ("hair", "19 hair", "hair color"),
    "-class": ("class", "9 class", "9a class", "cls", "9", "9a"),
    "-restrictions": ("rest", "restr", "restrictions", "12 rest", "12", "12 restr", "12 restrictions"),
    "-endorsements": ("end", "endorsements", "9a end", "endorse", "none"),
    "-discriminator": ("dd", "5 dd", "doc discriminator", "audit", "5", "document discriminator", "5 audit", "inventory"),
    "-nation": ("nationality", "country", "place of birth", "nacionalidad", "nationalite", "lieu de naissance", "lugar de nacimiento", "country of birth"),
    "-kind": ("type", "tipo", "code", "codigo", "clave del pais", "category", "authority", "autorite", "autoridad"),
    "-former": ("previous name", "aka", "suffix"),
    "-donor": ("donor", "organ donor", "veteran"),
}  # fmt: skip

# A licence's items by their international numbers, which most print before the words.
NUMBERS = {
    "last_name": "1", "first_name": "2", "dob": "3", "-issued": "4a", "expiry": "4b", "id_number": "4d", "-discriminator": "5",
    "address": "8", "-class": "9", "-endorsements": "9a", "-restrictions": "12", "-sex": "15", "-height": "16", "-weight": "17",
    "-eyes": "18", "-hair": "19",
}  # fmt: skip
IDENTITY |= {
    field: (*IDENTITY[field], *(f"{number} {word}" for word in IDENTITY[field] if not word[0].isdigit()))
    for field, number in NUMBERS.items()
}

# "Núm. de grupo" and "Nro. de grupo" are "No. de grupo".
for _table in (INSURANCE, IDENTITY):
    for _field, _words in _table.items():
        _de = [word.split(" ", 1)[1] for word in _words if word.startswith(("no de", "numero de"))]
        _spelled = [f"{short} {rest}" for rest in _de for short in ("no", "num", "nro")]
        _table[_field] = (*_words, *_spelled)

# Words that also begin sentences, payers' names and places: they label only when alone or followed by a colon.
WEAK = {
    "id", "member", "name", "plan", "group", "insured", "type", "product", "coverage", "policy", "certificate",
    "subscriber", "call", "questions", "members", "help", "patient", "participant", "beneficiary", "effective", "phone",
    "eff", "er", "rx", "pc", "dr", "dep", "rel", "person", "provider", "providers", "pharmacy", "specialist", "emergency",
    "hospital", "office", "network", "employer", "company", "individual", "family", "child", "generic", "brand", "visit",
    "claims", "dental", "vision", "nurse", "1", "2", "3", "4d", "8", "4b", "4a", "9", "9a", "5", "12", "no", "number", "add", "exp",
    "end", "rest", "class", "employee", "issued", "printed", "eligibility", "authorization", "health plan", "begins", "identification",
    "physician", "doctor", "medical group", "last", "first", "given", "holder", "street", "none", "donor", "birth", "lic", "dl", "country",
    "region", "renewal", "transportation", "contact us", "audit", "payer", "issuer", "specialty", "clinic", "fraud", "iss", "primary care",
    "sponsor", "preventive", "in network", "spouse", "dependent", "dependents", "expires", "veteran", "expiration", "numero", "grupo", "miembro",
    "nombre", "medico", "edi", "vence", "behavioral health", "mental health", "urgent care", "service area", "virtual care", "emergency room",
    "claims address", "pharmacists", "pharmacist", "customer care", "service center", "tel", "suffix", "sex", "hair", "eyes", "pcp", "deductible", "coinsurance", "copay", "copays", "telehealth", "oop", "division", "section", "location", "sequence", "web", "online", "code", "category", "authority", "pasaporte", "through", "thru", "ln", "fn", "vigencia", "cubierta", "cobertura",
    "nom", "contrato", "afiliado", "efectivo", "enrolled", "poliza", "consulta", "visita", "emergencia", "iso", "cms", "nacimiento",
    "suscriptor", "asegurado", "farmacia", "proveedor", "proveedores", "primary care manager", "plan year", "urgencias", "especialista", "llame",
}  # fmt: skip

# What an abbreviation stands for, between a label and its value: "Medicaid ID (RIN): 104882731".
IN_BRACKETS = re.compile(r"\([A-Za-z][^()\d]{1,20}\)\s*(?:[:#]\s*|$)")

# What a tired recogniser takes one letter of a label for.
_LOOKS = {
    "i": "[i1l|í]",
    "l": "[l1i|]",
    "o": "[o0ó]",
    "s": "[s5]",
    "b": "[b8]",
    "u": "[uú]",
    "e": "[eé]",
    "a": "[aá]",
    "n": "[nñ]",
}
_ACCENTS = {"i": "[il|í]"}
IN_A_DATE = re.compile(r"\d[-/.]\d")
ENDS_A_YEAR = re.compile(r"\d[-/.]\d{1,2}[-/.]\d{4}$")
FIGURES = re.compile(r"\d+")
A_NUMBER = re.compile(r"[A-Z]{1,3}\d{4}")  # what may stand behind a label without a space: "ID NOH0089847"
NUMBERED_FIELDS = {"member_id", "id_number"}
SHORT = 3  # letters; such a label needs a space or a mark before its value
LONG = 6  # letters; such a word is itself even where the recogniser has put a space into it: "IDEN TIFICATION"


@dataclass(frozen=True, slots=True)
class Found:
    """A label in a string: its field, where it stands, where its value may begin, and how it ends."""

    field: str
    start: int
    end: int
    wording: str
    marked: bool  # a colon, a # or nothing at all follows
    tight: bool = False  # its value follows without a space, so that where it begins is a guess


def _pattern(wording: str) -> str:
    return r"[\s.\-']*".join(map(_word, wording.split(" ")))


def _word(word: str) -> str:
    letters = [word] if word == "#" else [_LOOKS.get(c, re.escape(c)) for c in word]
    return (" ?" if len(word) >= LONG else "").join(letters)


class Labels:
    """One table of wordings, ready to look for; the longest wording wins."""

    def __init__(self, table: dict[str, tuple[str, ...]]) -> None:
        pairs = {word: field for field, words in reversed(table.items()) for word in words}
        self._fields = pairs
        self._wordings = sorted(pairs, key=len, reverse=True)
        every = "|".join(f"(?P<w{n}>{_pattern(word)})" for n, word in enumerate(self._wordings))
        self._search = re.compile(rf"(?<![A-Za-z])(?:{every})(?P<tail>\s*(?:[.:#;|?]|no\b\.?|[-–](?=\s))*)\s*", re.I)

    def find(self, string: str) -> list[Found]:
        """All labels in the string, left to right, none inside another."""
        kept: list[Found] = []
        at = 0
        while match := self._search.search(string, at):
            if found := self._judge(string, match):
                kept.append(found)
            # A number that turns out to be none of a label's may end what stands before the next: "1948EXP".
            figures = FIGURES.match(match[0])
            at = match.end() if found or not figures else match.start() + figures.end()
        return kept

    def _judge(self, string: str, match: re.Match[str]) -> Found | None:
        wording = next(word for n, word in enumerate(self._wordings) if match[f"w{n}"] is not None)
        end, tail = match.end(), match["tail"].strip()
        ours = not self._fields[wording].startswith("-") and self._fields[wording] != "plan"
        if ours and (bracketed := IN_BRACKETS.match(string, end)):
            end, tail = bracketed.end(), ":"
        behind_a_date = ENDS_A_YEAR.search(string[: match.start()].rstrip()) is not None
        if string[match.start() - 1 : match.start()].isdigit() and (
            (wording in WEAK and not behind_a_date) or string[end - 1 : end].strip(":# ")
        ):
            return None  # only a whole label may follow a number that lost its space
        if wording.isdigit() and IN_A_DATE.search(string[max(0, match.start() - 3) : match.start() + len(wording) + 2]):
            return None  # 12/05/1971 and 05/12/1971 hold no item 12
        before, after = string[: match.start()].strip(), string[end:]
        figures = FIGURES.match(match[0])
        if figures and ENDS_A_YEAR.search(string[: match.start() + figures.end()]):
            return None  # 10/30/1948EXP has no item "4b EXP" whose b looks like an 8
        marked = bool(tail.strip(". -")) or wording.endswith("#") or not (before or after)
        if (
            not tail
            and (wording[-1].isdigit() or len(wording) <= SHORT)
            and after[:1].isalnum()
            and not string[end - 1].isspace()
        ):
            return None  # "123 Main Street" does not begin with the label "12"
        # "PlanPPO" is a label that lost its space; "IDAHO" is not.
        lost_space = string[end - 1].islower() and after[:1].isupper()
        numbered = self._fields[wording] in NUMBERED_FIELDS and len(wording) > SHORT
        tight = not tail and not string[end - 1].isspace() and numbered and A_NUMBER.match(after) is not None
        if not tail and after[:1].isalpha() and not string[end - 1].isspace() and not lost_space and not tight:
            return None
        if wording in WEAK and not marked and before and not before.endswith("/") and not behind_a_date:
            return None
        if before and not marked and not re.search(r"[\s:;|,/()\d]$", string[: match.start()]):
            return None
        return Found(self._fields[wording], match.start(), end, wording, marked, tight)
