"""What a synthetic card says: invented people, invented payers, numbers in the shapes that cards use."""

from __future__ import annotations

import random
from datetime import date, timedelta

FIRST = [
    "MARIA",
    "JAMES",
    "LINDA",
    "ROBERT",
    "PATRICIA",
    "JOHN",
    "JENNIFER",
    "MICHAEL",
    "ELIZABETH",
    "DAVID",
    "BARBARA",
    "WILLIAM",
    "SUSAN",
    "RICHARD",
    "JESSICA",
    "JOSE",
    "SARAH",
    "THOMAS",
    "KAREN",
    "CARLOS",
    "LISA",
    "DANIEL",
    "NANCY",
    "MATTHEW",
    "GUADALUPE",
    "ANTHONY",
    "SANDRA",
    "MARK",
    "ASHLEY",
    "LUIS",
    "KIMBERLY",
    "STEVEN",
    "EMILY",
    "PAUL",
    "DONNA",
    "ANDREW",
    "MICHELLE",
    "JOSHUA",
    "CAROL",
    "KENNETH",
    "XIMENA",
    "KEVIN",
    "AALIYAH",
    "BRIAN",
    "DEBORAH",
    "WEI",
    "STEPHANIE",
    "OLUWASEUN",
    "REBECCA",
    "IGNACIO",
    "LAURA",
    "FATIMA",
    "HELEN",
    "DMITRI",
    "AMY",
    "PRIYA",
    "ANNA",
    "TYRONE",
    "SHANICE",
    "QUENTIN",
    "IRIS",
    "OSCAR",
    "ZOE",
    "BO",
    "ILLYA",
]
LAST = [
    "SANDOVAL",
    "SMITH",
    "JOHNSON",
    "WILLIAMS",
    "BROWN",
    "JONES",
    "GARCIA",
    "MILLER",
    "DAVIS",
    "RODRIGUEZ",
    "MARTINEZ",
    "HERNANDEZ",
    "LOPEZ",
    "GONZALEZ",
    "WILSON",
    "ANDERSON",
    "THOMAS",
    "TAYLOR",
    "MOORE",
    "JACKSON",
    "MARTIN",
    "LEE",
    "PEREZ",
    "THOMPSON",
    "WHITE",
    "HARRIS",
    "SANCHEZ",
    "CLARK",
    "RAMIREZ",
    "LEWIS",
    "ROBINSON",
    "WALKER",
    "YOUNG",
    "ALLEN",
    "KING",
    "WRIGHT",
    "SCOTT",
    "TORRES",
    "NGUYEN",
    "HILL",
    "FLORES",
    "GREEN",
    "ADAMS",
    "NELSON",
    "BAKER",
    "HALL",
    "RIVERA",
    "CAMPBELL",
    "O'BRIEN",
    "SMITH-JONES",
    "OKONKWO",
    "KOWALSKI",
    "MCDONALD",
    "PATEL",
    "VANDERBERG",
    "ILLINGWORTH",
    "QUIROGA",
    "IIJIMA",
    "OLIOSI",
    "ROSSELLINI",
    "WU",
]
PAYERS = (
    "Evergreen Health Plan", "Harborview Mutual", "BlueCross BlueShield of Ohio", "Summit Life Insurance Company",
    "Prairie States Health", "Aetna", "Cigna Healthcare", "UnitedHealthcare", "Humana", "Kaiser Permanente",
    "Molina Healthcare", "Anthem Blue Cross", "Lakeshore Health Alliance", "Pioneer Benefit Administrators",
    "Cardinal Care", "Golden Valley Medical Plan", "Ambetter Health", "Oscar Health", "Northstar Assurance",
    "Community Health Options", "Meridian Insurance Group", "Redwood Health Cooperative", "Tidewater Health Insurance",
    "Silver Lake Health", "First Coast Healthcare", "Medical Mutual", "CareSource", "WellCare Health Plans",
)  # fmt: skip
PLANS = (
    "PPO Gold 2500", "HMO Select", "Choice Plus PPO", "Silver 70 HMO", "Open Access EPO", "HDHP with HSA",
    "Platinum 90 PPO", "Bronze 60 HDHP", "POS Premier", "Medicare Advantage PPO", "Value HMO 1500", "Community EPO",
    "PPO", "HMO", "Classic Care POS", "Blue Options PPO", "Standard PPO 500", "Essential Plus HMO",
)  # fmt: skip
PCNS = (
    "ADV",
    "A4",
    "MEDDADV",
    "9999",
    "PCS",
    "CLM",
    "OHPDP",
    "MCAIDADV",
    "CIHSCARE",
    "HZRX",
    "BCTX",
    "ASPROD1",
    "RXADV",
    "IRX",
    "MEDDPRIME",
)
STREETS = (
    "MAPLE AVE",
    "N HIGH ST",
    "OAK RIDGE DR",
    "W 5TH AVE APT 12",
    "ELM STREET",
    "LAKE SHORE BLVD",
    "COUNTY ROAD 40",
    "PINE CT",
)
CITIES = (("COLUMBUS", "OH", "43215"), ("DAYTON", "OH", "45402"), ("AUSTIN", "TX", "78701"), ("ALBANY", "NY", "12207"),
          ("SAN JOSE", "CA", "95112"), ("ST LOUIS", "MO", "63101"), ("MIAMI", "FL", "33130"))  # fmt: skip
ID_SHAPES = ("LLLDDDDDDDDD", "LDDDDDDDDD", "DDDDDDDDD", "LLLDDDLDDDDD", "DDDDDDDDDDD", "LLL DDDDDDDDD", "DDDDDDDDD-0D",
             "NMMD-MMD-MMDD", "LLDDDDDDDD", "LLLDDDDDDDDD 0D", "LDDDDDDDD0D", "DDD DDD DDD", "LLLLDDDDDDD",
             "HDDDDDDDD")  # fmt: skip
GROUP_SHAPES = ("DDDDDDD", "DDDDDD", "LLDDDDD", "DDDDD-DDD", "0DDDDDDD", "LDDDDDLL", "DDDDD", "DDDDDD-DD", "LLLDDDD")
LICENCE_SHAPES = ("LLDDDDDD", "LDDDDDDD", "DDDDDDDD", "LDDD-DDDD-DDDD", "DDD DDD DDD", "LDDDDDDDDDDDD", "DDDDDDDDD")


def shaped(rng: random.Random, shape: str) -> str:
    """L becomes a letter, D a digit, M a letter that a Medicare number may hold, N a digit but 0; others stay."""
    pick = {"L": "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "D": "0123456789", "M": "ACDEFGHJKMNPQRTUVWXY", "N": "123456789"}
    return "".join(rng.choice(pick[sign]) if sign in pick else sign for sign in shape)


def phone(rng: random.Random) -> str:
    area, middle, last = rng.choice(("800", "888", "877", "866", "614", "855")), "555", f"{rng.randrange(10000):04d}"
    form = rng.choice(("1-{}-{}-{}", "({}) {}-{}", "{}-{}-{}", "{}.{}.{}", "1 ({}) {}-{}"))
    return form.format(area, middle if rng.random() < 0.5 else f"{rng.randrange(200, 999)}", last)


def printed(rng: random.Random, day: date) -> str:
    form = rng.choice(("%m/%d/%Y", "%m/%d/%Y", "%m-%d-%Y", "%m/%d/%y", "%Y-%m-%d", "%b %d, %Y", "%d %b %Y"))
    text = day.strftime(form)
    return text.upper() if "%b" in form and rng.random() < 0.5 else text


def some_day(rng: random.Random, first: date, last: date) -> date:
    return first + timedelta(days=rng.randrange((last - first).days))


def person(rng: random.Random) -> tuple[str, str, str]:
    """First, middle (a letter, a name or nothing), last."""
    middle = rng.choice(("", rng.choice("ABCDEFGHJKLMNPRST"), rng.choice(FIRST)))
    return rng.choice(FIRST), middle, rng.choice(LAST)


def insurance_truth(rng: random.Random) -> dict[str, str]:
    """Every value an insurance card may print, ours and the decoys (their keys begin with "-")."""
    first, middle, last = person(rng)
    name = rng.choice((f"{first} {middle} {last}", f"{first} {middle[:1]} {last}", f"{first} {last}"))
    name = " ".join(name.split())
    return {
        "payer": rng.choice(PAYERS),
        "member_name": name if rng.random() < 0.75 else name.title(),
        "member_id": shaped(rng, rng.choice(ID_SHAPES)),
        "group_number": shaped(rng, rng.choice(GROUP_SHAPES)),
        "plan": rng.choice(PLANS),
        "rx_bin": shaped(rng, rng.choice(("61DDDD", "00DDDD", "02DDDD", "DDDDDD"))),
        "rx_pcn": rng.choice(PCNS),
        "effective_date": printed(rng, some_day(rng, date(2019, 1, 1), date(2026, 12, 1))),
        "phone": phone(rng),
        "-rx_group": shaped(rng, rng.choice(("RXDDDD", "LLLLDDDD", "RXLLLL", "DDDDDD"))),
        "-payer_id": shaped(rng, "DDDDD"),
        "-plan_code": shaped(rng, "DDD"),
        "-birth": some_day(rng, date(1935, 1, 1), date(2015, 1, 1)).strftime("%m/%d/%Y"),
        "-issued": some_day(rng, date(2019, 1, 1), date(2026, 1, 1)).strftime("%m/%d/%Y"),
        "-doctor": f"Dr. {rng.choice(FIRST).title()} {rng.choice(LAST).title()}",
        "-dependent": f"{rng.choice(FIRST)} {last}",
        "-provider_phone": phone(rng),
        "-nurse_phone": phone(rng),
        "-pharmacy_phone": phone(rng),
        "-website": f"www.{rng.choice(('my', ''))}{rng.choice(('health', 'benefits', 'plan'))}member.example",
        "-office": f"${rng.choice((10, 15, 20, 25, 30, 40))}",
        "-er": f"${rng.choice((100, 150, 250, 300))}",
        "-deductible": f"${rng.choice(('500', '1,500', '2,500', '5,000'))}",
        "-person": f"0{rng.randrange(1, 6)}",
    }


def identity_truth(rng: random.Random) -> dict[str, str]:
    """Every value an identity card may print; name, dob, id_number, address and expiry are ours."""
    first, middle, last = person(rng)
    number, (city, state, code) = rng.randrange(10, 9999), rng.choice(CITIES)
    given = " ".join(f"{first} {middle}".split())
    street = f"{number} {rng.choice(STREETS)}"
    birth = some_day(rng, date(1935, 1, 1), date(2008, 1, 1))
    return {
        "name": f"{given} {last}",
        "dob": birth.strftime("%m/%d/%Y"),
        "id_number": shaped(rng, rng.choice(LICENCE_SHAPES)),
        "address": f"{street}, {city}, {state} {code}",
        "expiry": some_day(rng, date(2026, 1, 1), date(2034, 1, 1)).strftime("%m/%d/%Y"),
        "-first": given,
        "-last": last,
        "-street": street,
        "-place": f"{city}, {state} {code}",
        "-issued": some_day(rng, date(2018, 1, 1), date(2026, 1, 1)).strftime("%m/%d/%Y"),
        "-sex": rng.choice("MFX"),
        "-height": f"{rng.randrange(4, 7)}'-{rng.randrange(0, 12):02d}\"",
        "-weight": f"{rng.randrange(90, 300)} lb",
        "-eyes": rng.choice(("BRO", "BLU", "GRN", "HAZ")),
        "-class": rng.choice("DCM"),
        "-state": rng.choice(("OHIO", "TEXAS", "NEW YORK", "CALIFORNIA", "MISSOURI", "FLORIDA")),
        "-dd": shaped(rng, "DDDDDLLDDDDDDD"),
    }
