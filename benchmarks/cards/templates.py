"""How synthetic cards are laid out: one entry a template, all of it data.

A card is 1000 × 630 units. A template's blocks say what stands where and under which label. At least
two templates in five are *kept out*: chosen by a hash of their names, never looked at while the
reader was made, only scored.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

Item = tuple[str, str]  # (key of the truth, label as printed)
KEPT_OUT = 46  # of 100 hashes


@dataclass(frozen=True)
class Block:
    """way: "left" (label then value on a tab), "inline" (one row), "above" (label over value, in columns),
    "plain" (value alone), "text" (words alone), "list" ("label: value" a line).
    """

    way: str
    x: int
    y: int
    items: tuple[Item, ...]
    tab: int = 240
    step: int = 48
    columns: int = 1
    wide: int = 300
    size: int = 26
    label_size: int = 0
    colour: str = ""
    font: str = ""
    sep: str = ""


@dataclass(frozen=True)
class Template:
    name: str
    side: str
    blocks: tuple[Block, ...]
    head: str = "plain"  # plain | band | logo | centre | right
    paper: str = "#ffffff"
    ink: str = "#111111"
    accent: str = "#0b5a7a"
    label_font: str = "sans"
    value_font: str = "sans-bold"
    upper_labels: bool = False


def left(x: int, y: int, *items: Item, **more: object) -> Block:
    return Block("left", x, y, items, **more)  # type: ignore[arg-type]


def above(x: int, y: int, *items: Item, **more: object) -> Block:
    return Block("above", x, y, items, **more)  # type: ignore[arg-type]


def inline(x: int, y: int, *items: Item, **more: object) -> Block:
    return Block("inline", x, y, items, **more)  # type: ignore[arg-type]


def lines(x: int, y: int, *items: Item, **more: object) -> Block:
    return Block("list", x, y, items, **more)  # type: ignore[arg-type]


def plain(x: int, y: int, *keys: str, **more: object) -> Block:
    return Block("plain", x, y, tuple((key, "") for key in keys), **more)  # type: ignore[arg-type]


def text(x: int, y: int, *words: str, **more: object) -> Block:
    return Block("text", x, y, tuple(("", word) for word in words), **more)  # type: ignore[arg-type]


NAME, ID, GROUP, PLAN = "member_name", "member_id", "group_number", "plan"
BIN, PCN, DATE, PHONE = "rx_bin", "rx_pcn", "effective_date", "phone"
GRP = "-rx_group"

FRONT, BACK, IDENTITY = "insurance_front", "insurance_back", "id_photo"

INSURANCE_TEMPLATES = (
    Template("harbor", FRONT, (
        left(40, 150, (NAME, "Member Name:"), (ID, "Member ID:"), (GROUP, "Group No.:"), (PLAN, "Plan:"), (DATE, "Effective Date:")),
        inline(40, 440, (BIN, "RxBIN:"), (PCN, "RxPCN:"), (GRP, "RxGrp:"), size=22),
        inline(40, 560, (PHONE, "Customer Service:"), size=22),
    ), head="band"),
    Template("meadow", FRONT, (
        above(40, 160, (NAME, "Member"), (ID, "Member ID"), (GROUP, "Group Number"), (PLAN, "Plan"), (DATE, "Effective"), ("-doctor", "PCP"), columns=2, wide=470, step=96),
        inline(40, 500, (BIN, "BIN"), (PCN, "PCN"), (GRP, "GRP"), size=22),
        inline(40, 570, (PHONE, "Member Services"), size=20),
    ), head="logo", accent="#2d7a3a"),
    Template("granite", FRONT, (
        above(40, 180, (ID, "IDENTIFICATION NUMBER"), (GROUP, "GROUP NUMBER"), (DATE, "EFFECTIVE DATE"), columns=3, wide=330, step=100, label_size=17),
        above(40, 290, (NAME, "SUBSCRIBER NAME"), (PLAN, "PLAN TYPE"), columns=2, wide=500, label_size=17),
        above(40, 400, (BIN, "RX BIN"), (PCN, "RX PCN"), (GRP, "RX GROUP"), columns=3, wide=330, label_size=17),
        text(40, 540, "This card does not guarantee coverage. Please verify eligibility before each visit.", size=17),
        lines(40, 575, (PHONE, "Questions? Call"), size=19),
    ), head="right", upper_labels=True),
    Template("sparrow", FRONT, (
        plain(40, 150, NAME, size=32), left(40, 210, (ID, "ID"), (GROUP, "GRP"), (DATE, "EFF"), tab=130),
        left(560, 210, (BIN, "RxBIN"), (PCN, "RxPCN"), (GRP, "RxGRP"), tab=140),
        plain(560, 150, PLAN, size=28),
        lines(40, 430, ("-office", "Office Visit"), ("-er", "Emergency Room"), ("-deductible", "Deductible"), step=34, size=20),
        lines(560, 570, (PHONE, "Member Services:"), size=20),
    ), head="logo", accent="#7a2d5a"),
    Template("copper", FRONT, (
        lines(50, 140, (ID, "Subscriber ID:"), (NAME, "Subscriber:"), (GROUP, "Group #:"), (PLAN, "Product:"), step=50),
        lines(50, 360, (BIN, "Rx BIN:"), (PCN, "Rx PCN:"), (GRP, "Rx Group:"), step=36, size=22),
        lines(560, 140, ("-office", "PCP Visit"), ("-er", "ER"), ("-deductible", "Deductible"), step=40, size=22),
        lines(560, 360, (DATE, "Coverage Effective:"), (PHONE, "Customer Care:"), step=44, size=22),
    ), head="centre", accent="#8a4b12", value_font="serif-bold", label_font="serif"),
    Template("delta", FRONT, (
        left(40, 170, (NAME, "NAME"), (ID, "POLICY NO."), (GROUP, "GROUP NO."), (DATE, "EFF. DATE"), tab=220, step=56),
        left(560, 170, (PLAN, "PLAN"), ("-payer_id", "PAYER ID"), ("-issued", "ISSUED"), tab=180, step=56, size=24),
        inline(40, 450, (BIN, "RXBIN"), (PCN, "RXPCN"), (GRP, "RXGRP"), size=24),
        text(40, 520, "Providers: submit claims electronically.", size=18),
        inline(40, 560, (PHONE, "CUSTOMER SERVICE"), ("-provider_phone", "PROVIDERS"), size=19),
    ), head="band", accent="#223a8a", value_font="mono-bold", upper_labels=True),
    Template("willow", FRONT, (
        above(40, 150, (NAME, "Member name"), columns=1), above(40, 240, (ID, "Member number"), (GROUP, "Group"), columns=2, wide=400),
        above(40, 330, (PLAN, "Plan name"), (DATE, "Coverage start date"), columns=2, wide=400),
        above(680, 150, (BIN, "Rx BIN"), (PCN, "PCN"), (GRP, "Rx Grp"), step=90),
        lines(40, 480, (PHONE, "Member Services"), ("-nurse_phone", "24/7 Nurse Line"), step=34, size=20),
        plain(40, 570, "-website", size=20),
    ), head="plain", accent="#145a52"),
    Template("quartz", FRONT, (
        left(40, 160, (ID, "Member #"), (NAME, "Member"), ("-birth", "DOB"), (GROUP, "Group #"), tab=190, step=52),
        left(530, 160, (PLAN, "Plan"), (DATE, "Effective"), ("-doctor", "PCP"), tab=150, step=52, size=23),
        inline(40, 420, (BIN, "Bin#"), (PCN, "PCN#"), (GRP, "Grp#"), size=24),
        lines(40, 500, (PHONE, "Members call:"), ("-pharmacy_phone", "Pharmacists call:"), step=36, size=20),
    ), head="logo", accent="#5a5a12", paper="#f4f1e6"),
    Template("lantern", FRONT, (
        above(60, 180, (NAME, "Insured"), (ID, "ID #"), ("-dependent", "Dependent"), columns=1, step=86),
        above(540, 180, (GROUP, "Group ID"), (PLAN, "Coverage type"), (DATE, "Effective date"), columns=1, step=86),
        inline(60, 480, (BIN, "BIN:"), (PCN, "PCN:"), (GRP, "Group:"), size=22),
        lines(60, 560, (PHONE, "Customer Service"), size=21),
    ), head="band", accent="#a0361c", value_font="serif-bold"),
    Template("osprey", FRONT, (
        lines(40, 150, (NAME, "Enrollee Name:"), (ID, "Enrollee ID:"), (GROUP, "Group:"), ("-plan_code", "Plan Code:"), step=46),
        lines(40, 360, (PLAN, "Health Plan:"), (DATE, "Effective:"), step=42, size=23),
        lines(600, 150, (BIN, "RxBIN:"), (PCN, "RxPCN:"), (GRP, "RxGroup:"), step=42, size=23),
        inline(40, 500, ("-office", "Office:"), ("-er", "ER:"), ("-deductible", "Ded:"), size=20),
        lines(40, 570, (PHONE, "Phone:"), size=22),
    ), head="right", label_font="narrow", value_font="narrow-bold", accent="#334455"),
    Template("thistle", FRONT, (
        left(40, 150, (NAME, "Name"), (ID, "ID Number"), (GROUP, "Group Number"), (DATE, "Effective Date"), tab=260, step=50, sep=":"),
        left(40, 380, (BIN, "RxBIN"), (PCN, "RxPCN"), tab=140, step=42, size=22),
        left(400, 380, (GRP, "RxGrp"), ("-person", "Suffix"), tab=140, step=42, size=22),
        plain(620, 150, PLAN, size=26),
        text(40, 480, "Carry this card at all times. In an emergency go to the nearest hospital.", size=18),
        lines(40, 560, (PHONE, "For member services call"), size=20),
    ), head="plain", accent="#5b2a86", paper="#f6f2fb"),
    Template("basalt", FRONT, (
        above(40, 170, (ID, "Member ID"), (NAME, "Member Name"), columns=2, wide=380, label_size=20, size=30),
        above(40, 280, (GROUP, "Group"), (PLAN, "Plan"), (DATE, "Eff Date"), columns=3, wide=320, label_size=20),
        above(40, 390, (BIN, "RxBIN"), (PCN, "RxPCN"), (GRP, "RxGrp"), columns=3, wide=320, label_size=20),
        inline(40, 550, (PHONE, "Customer Service"), ("-nurse_phone", "Nurse Line"), size=19),
    ), head="band", accent="#111111", paper="#e9edf0"),
    Template("finch", FRONT, (
        text(40, 140, "MEDICAL IDENTIFICATION CARD", size=19),
        left(40, 190, (NAME, "Cardholder"), (ID, "Certificate No."), (GROUP, "Group Policy No."), (PLAN, "Plan"), tab=270, step=50),
        left(40, 420, (DATE, "Effective"), ("-issued", "Printed"), tab=180, step=38, size=21),
        left(560, 420, (BIN, "BIN"), (PCN, "PCN"), (GRP, "RxGrp"), tab=110, step=38, size=21),
        lines(40, 570, (PHONE, "Toll Free:"), size=21),
    ), head="centre", accent="#0a4f8f", value_font="mono"),
    Template("juniper", FRONT, (
        plain(40, 140, PLAN, size=24),
        above(40, 200, (NAME, "MEMBER NAME"), (ID, "MEMBER ID"), (GROUP, "GROUP NO."), columns=1, step=84, label_size=16),
        above(560, 200, (DATE, "EFFECTIVE DATE"), ("-doctor", "PRIMARY CARE PHYSICIAN"), ("-office", "OFFICE VISIT"), columns=1, step=84, label_size=16),
        inline(40, 500, (BIN, "RXBIN"), (PCN, "RXPCN"), (GRP, "RXGRP"), size=23),
        inline(40, 565, (PHONE, "MEMBER SERVICES"), size=20),
    ), head="logo", accent="#1e6b45"),
    Template("marble", FRONT, (
        left(40, 150, (ID, "Contract Number"), (NAME, "Subscriber Name"), (GROUP, "Group Number"), tab=290, step=54),
        inline(40, 330, (PLAN, "Plan:"), size=24), inline(560, 330, (DATE, "Effective:"), size=24),
        inline(40, 400, (BIN, "Rx Bin:"), (PCN, "Rx PCN:"), size=24), inline(40, 450, (GRP, "Rx Group:"), ("-plan_code", "Plan Code:"), size=24),
        lines(40, 530, (PHONE, "Customer Service:"), ("-provider_phone", "Provider Services:"), step=36, size=20),
    ), head="plain", value_font="serif", label_font="serif-bold", accent="#63121f"),
    Template("cedar", FRONT, (
        lines(40, 140, (NAME, "MEMBER:"), (ID, "ID:"), (GROUP, "GROUP:"), (PLAN, "PLAN:"), (DATE, "EFFECTIVE:"), step=48),
        lines(620, 240, (BIN, "BIN:"), (PCN, "PCN:"), (GRP, "RX GRP:"), step=44, size=23),
        lines(40, 450, ("-office", "SPECIALIST"), ("-er", "URGENT CARE"), step=34, size=19),
        lines(40, 560, (PHONE, "HELP LINE:"), size=21),
    ), head="right", value_font="mono", label_font="mono-bold", accent="#3b3b3b"),
    Template("pelican", FRONT, (
        above(50, 160, (NAME, "Policyholder"), (ID, "Policy Number"), columns=2, wide=430, step=90),
        above(50, 260, ("-birth", "Date of birth"), (GROUP, "Employer Group"), columns=2, wide=430, step=90),
        above(50, 360, (PLAN, "Product name"), (DATE, "Valid from"), columns=2, wide=430, step=90),
        inline(50, 480, (BIN, "Pharmacy BIN"), (PCN, "PCN"), size=21),
        inline(50, 560, (PHONE, "Customer service"), size=21),
    ), head="band", accent="#0f766e", label_font="narrow"),
    Template("amber", FRONT, (
        left(60, 160, (NAME, "Nombre del miembro"), (ID, "Numero de miembro"), (GROUP, "Numero de grupo"), (PLAN, "Plan"), tab=330, step=52),
        left(60, 390, (DATE, "Fecha efectiva"), tab=330), inline(60, 470, (BIN, "RxBIN:"), (PCN, "RxPCN:"), (GRP, "RxGrp:"), size=22),
        lines(60, 560, (PHONE, "Servicios para miembros:"), size=21),
    ), head="logo", accent="#b45309", paper="#fffaf0"),
    Template("slate", FRONT, (
        above(40, 150, (NAME, "Member"), columns=1, size=30), left(40, 250, (ID, "Member ID"), (GROUP, "Group"), (PLAN, "Plan"), tab=200, step=46),
        left(40, 410, (BIN, "RxBIN"), (PCN, "RxPCN"), (GRP, "RxGrp"), tab=150, step=36, size=21),
        above(640, 250, (DATE, "Effective date"), ("-er", "Emergency"), ("-office", "Office visit"), step=86),
        inline(40, 565, (PHONE, "Member services:"), ("-pharmacy_phone", "Pharmacy:"), size=19),
    ), head="band", accent="#334155"),
    Template("heron", FRONT, (
        left(40, 160, (NAME, "Primary Insured:"), (ID, "Insured ID:"), (GROUP, "Account No.:"), tab=250, step=50),
        left(40, 330, (PLAN, "Network Plan:"), (DATE, "Start Date:"), tab=250, step=46, size=24),
        inline(40, 450, (GRP, "RxGRP:"), (BIN, "RxBIN:"), (PCN, "RxPCN:"), size=23),
        text(560, 160, "DENTAL AND VISION", "NOT INCLUDED", size=19, step=30),
        lines(40, 540, (PHONE, "Customer Service 24/7:"), ("-website", "Web:"), step=34, size=20),
    ), head="plain", label_font="sans-bold", value_font="sans", accent="#164e63"),
    Template("onyx", FRONT, (
        left(40, 170, (ID, "MEMBER ID NUMBER"), (NAME, "MEMBER NAME"), (GROUP, "GROUP"), (PLAN, "PLAN"), tab=310, step=54),
        left(40, 420, (BIN, "BIN"), (PCN, "PCN"), (DATE, "EFFECTIVE"), tab=190, step=42, size=22),
        inline(40, 570, (PHONE, "CALL"), size=21),
    ), head="band", paper="#1f2937", ink="#f3f4f6", accent="#f59e0b"),
    Template("lagoon", FRONT, (
        above(40, 170, ("-plan_code", "Plan code"), (GROUP, "Group no."), (ID, "Member id"), columns=3, wide=300, label_size=18),
        above(40, 270, (NAME, "Member"), ("-person", "Suffix"), columns=2, wide=600, label_size=18),
        above(40, 370, (DATE, "Effective"), (PLAN, "Plan"), columns=2, wide=300, label_size=18),
        above(40, 470, (GRP, "Rx grp"), (BIN, "Rx bin"), (PCN, "Rx pcn"), columns=3, wide=300, label_size=18),
        lines(40, 580, (PHONE, "Member services"), size=19),
    ), head="centre", accent="#0369a1", paper="#eef8ff"),
    Template("beacon", BACK, (
        text(40, 60, "Present this card each time you receive services.", "Benefits are subject to plan limits.", size=19, step=30),
        lines(40, 160, (PHONE, "Customer Service:"), ("-provider_phone", "Provider Services:"), ("-nurse_phone", "24 Hour Nurse Line:"), step=44, size=24),
        inline(40, 330, (BIN, "RxBIN:"), (PCN, "RxPCN:"), (GRP, "RxGrp:"), size=24),
        lines(40, 400, ("-payer_id", "Payer ID:"), size=24), text(40, 470, "Mail claims to: PO Box 30555, Salt Lake City, UT 84130", size=20),
    )),
    Template("quill", BACK, (
        left(40, 90, (PHONE, "Member Services"), ("-pharmacy_phone", "Pharmacy Help Desk"), ("-provider_phone", "Prior Authorization"), tab=320, step=50, size=23),
        above(40, 300, (BIN, "BIN"), (PCN, "PCN"), (GRP, "RxGrp"), columns=3, wide=250),
        text(40, 430, "Claims: P.O. Box 981106, El Paso, TX 79998", "Possession of this card does not guarantee eligibility.", size=19, step=34),
    )),
    Template("saddle", BACK, (
        text(40, 60, "IMPORTANT CONTACTS", size=28),
        lines(40, 130, (PHONE, "Members:"), ("-provider_phone", "Providers:"), ("-pharmacy_phone", "Pharmacists:"), step=50, size=25),
        text(40, 320, "For emergencies call 911 or go to the nearest emergency room.", size=19),
        text(40, 420, "Send claims to: Claims Department, PO Box 14079, Lexington, KY 40512", size=19),
    ), paper="#f3f4f6"),
    Template("trellis", BACK, (
        above(40, 80, (PHONE, "Customer care"), ("-provider_phone", "For providers"), columns=2, wide=460, step=96),
        above(40, 190, ("-pharmacy_phone", "Pharmacy"), ("-nurse_phone", "Nurse advice line"), columns=2, wide=460),
        inline(40, 330, (BIN, "BIN:"), (PCN, "PCN:"), size=25), plain(40, 420, "-website", size=22),
    ), paper="#fdf6ec"),
)  # fmt: skip

IDENTITY_TEMPLATES = (
    Template("granger", IDENTITY, (
        lines(360, 130, ("id_number", "4d DLN"), ("dob", "3 DOB"), ("expiry", "4b EXP"), step=44, sep=" "),
        lines(360, 280, ("-last", "1"), ("-first", "2"), step=40, sep=" "),
        lines(360, 370, ("-street", "8"), sep=" ", size=24), plain(386, 404, "-place", size=24),
        inline(360, 470, ("-issued", "4a ISS"), ("-class", "9 CLASS"), size=20), inline(360, 520, ("-sex", "15 SEX"), ("-height", "16 HGT"), ("-eyes", "18 EYES"), size=20),
    ), head="state", accent="#1d4ed8", paper="#eaf2fb", upper_labels=True),
    Template("holloway", IDENTITY, (
        left(340, 140, ("id_number", "DL NO."), ("expiry", "EXPIRES"), ("dob", "DOB"), tab=170, step=46, size=25),
        plain(340, 300, "name", size=26), plain(340, 350, "-street", "-place", size=24, step=36),
        inline(340, 470, ("-sex", "SEX"), ("-height", "HT"), ("-eyes", "EYES"), size=20), inline(340, 520, ("-class", "CLASS"), ("-issued", "ISS"), size=20),
    ), head="state", accent="#7c2d12", paper="#fbf3ea"),
    Template("ivory", IDENTITY, (
        above(340, 130, ("-last", "Surname"), ("-first", "Given names"), columns=1, step=76, label_size=17),
        above(340, 290, ("dob", "Date of birth"), ("-sex", "Sex"), columns=2, wide=320, label_size=17),
        above(340, 370, ("id_number", "Document number"), ("expiry", "Date of expiry"), columns=2, wide=320, label_size=17),
        above(340, 450, ("-street", "Address"), label_size=17), plain(340, 512, "-place", size=26),
    ), head="state", accent="#3f3f46", paper="#f7f7f2"),
    Template("kestrel", IDENTITY, (
        lines(330, 130, ("id_number", "ID No:"), ("name", "Name:"), ("dob", "Date of Birth:"), ("expiry", "Valid Until:"), step=50),
        lines(330, 350, ("-street", "Address:"), size=24), plain(330, 390, "-place", size=24),
        lines(330, 470, ("-issued", "Date Issued:"), ("-eyes", "Eyes:"), step=36, size=20),
    ), head="state", accent="#14532d"),
    Template("lockwood", IDENTITY, (
        lines(340, 120, ("id_number", "LIC#"), ("dob", "BIRTH DATE"), ("expiry", "EXP DATE"), step=44, sep=" "),
        lines(340, 270, ("-last", "LN"), ("-first", "FN"), step=42, sep=" "), plain(340, 370, "-street", "-place", size=24, step=36),
        inline(340, 470, ("-sex", "SEX"), ("-weight", "WGT"), ("-eyes", "EYES"), size=20), lines(340, 520, ("-dd", "DD"), size=18, sep=" "),
    ), head="state", accent="#581c87", paper="#f5effc"),
    Template("mulberry", IDENTITY, (
        above(340, 130, ("id_number", "LICENSE NUMBER"), ("expiry", "EXPIRATION DATE"), columns=2, wide=330, label_size=16),
        above(340, 220, ("name", "FULL NAME"), label_size=16), above(340, 310, ("-street", "RESIDENCE ADDRESS"), label_size=16), plain(340, 372, "-place", size=26),
        above(340, 430, ("dob", "DATE OF BIRTH"), ("-issued", "ISSUED"), columns=2, wide=330, label_size=16),
    ), head="state", accent="#9f1239"),
)  # fmt: skip

TEMPLATES = (*INSURANCE_TEMPLATES, *IDENTITY_TEMPLATES)


def is_kept_out(name: str) -> bool:
    """Whether a template is only scored: decided by its name alone."""
    return int(sha256(name.encode()).hexdigest()[:8], 16) % 100 < KEPT_OUT


def split(kept_out: bool) -> tuple[Template, ...]:
    return tuple(template for template in TEMPLATES if is_kept_out(template.name) is kept_out)
