"""Eligibility in FHIR R4: our question as a CoverageEligibilityRequest, the payer's Response as one of our six answers.

Both sides are here, so that the simulated payer speaks exactly what a real one would. A request is self-contained
(`contained` Patient, Coverage and insurer), since a payer cannot read resources of ours.
"""

from __future__ import annotations

import re
from typing import Any

from hospital_ops.domain.eligibility import Coverage, Inquiry, PayerAway, Reply

CONTENT_TYPE = "application/fhir+json"
# Reject reasons of X12 271 AAA03, which payers' FHIR servers pass on as `error.code`.
_REASONS: dict[str, Coverage] = {
    "15": Coverage.INFORMATION_MISSING,
    "42": Coverage.COULD_NOT_REACH,
    "56": Coverage.INFORMATION_MISSING,
    "58": Coverage.INFORMATION_MISSING,
    "64": Coverage.NOT_RECOGNISED,
    "65": Coverage.NOT_RECOGNISED,
    "67": Coverage.NOT_RECOGNISED,
    "71": Coverage.NOT_RECOGNISED,
    "72": Coverage.NOT_RECOGNISED,
    "75": Coverage.NOT_RECOGNISED,
    "79": Coverage.PAYER_UNSUPPORTED,
    "80": Coverage.COULD_NOT_REACH,
    "T4": Coverage.PAYER_UNSUPPORTED,
}
_CODE_OF = {
    Coverage.INFORMATION_MISSING: "15",
    Coverage.NOT_RECOGNISED: "75",
    Coverage.PAYER_UNSUPPORTED: "79",
    Coverage.COULD_NOT_REACH: "42",
}


def request_of(inquiry: Inquiry, *, day: str) -> dict[str, Any]:
    """The question, as of `day` (ISO)."""
    name = {"family": inquiry.last_name, **({"given": [inquiry.first_name]} if inquiry.first_name else {})}
    classes = [{"type": _class_type("group"), "value": inquiry.group}] if inquiry.group else []
    coverage: dict[str, Any] = {
        "resourceType": "Coverage",
        "id": "coverage",
        "status": "active",
        "subscriberId": inquiry.member_id,
        "beneficiary": {"reference": "#patient"},
        "payor": [{"reference": "#insurer"}],
    }
    return {
        "resourceType": "CoverageEligibilityRequest",
        "contained": [
            {"resourceType": "Patient", "id": "patient", "name": [name], "birthDate": inquiry.dob},
            {"resourceType": "Organization", "id": "insurer", "name": inquiry.payer},
            coverage | ({"class": classes} if classes else {}),
        ],
        "status": "active",
        "purpose": ["validation"],
        "patient": {"reference": "#patient"},
        "created": day,
        "insurer": {"reference": "#insurer"},
        "insurance": [{"focal": True, "coverage": {"reference": "#coverage"}}],
    }


def inquiry_of(request: dict[str, Any]) -> Inquiry:
    """The payer's side: what is asked about. Raises PayerAway for what is no such request."""
    held = {one.get("resourceType"): one for one in request.get("contained", [])}
    try:
        patient, coverage, insurer = held["Patient"], held["Coverage"], held["Organization"]
        name = patient["name"][0]
        return Inquiry(
            payer=insurer["name"],
            member_id=coverage["subscriberId"],
            group=next((one["value"] for one in coverage.get("class", [])), ""),
            first_name=next(iter(name.get("given", [])), ""),
            last_name=name["family"],
            dob=patient["birthDate"],
        )
    except (KeyError, IndexError) as wrong:
        raise PayerAway("the request lacks what was to be asked about") from wrong


def response_of(reply: Reply, *, day: str) -> dict[str, Any]:
    """The payer's side: an answer."""
    base: dict[str, Any] = {
        "resourceType": "CoverageEligibilityResponse",
        "status": "active",
        "purpose": ["validation"],
        "patient": {"reference": "#patient"},
        "created": day,
        "request": {"display": "validation"},
        "insurer": {"display": "payer"},
        "disposition": reply.note,
    }
    if reply.coverage in _CODE_OF:
        return base | {"outcome": "error", "error": [{"code": _coded(_CODE_OF[reply.coverage])}]}
    insurance: dict[str, Any] = {"coverage": {"display": reply.plan}, "inforce": reply.coverage is Coverage.VERIFIED}
    if reply.until:
        insurance["benefitPeriod"] = {"end": reply.until}
    numbered = {"preAuthRef": reply.reference} if reply.reference else {}
    return base | numbered | {"outcome": "complete", "insurance": [insurance]}


def reply_of(response: Any) -> Reply:
    """Our side: what a payer's answer means. Raises PayerAway for one that says nothing we understand."""
    if not isinstance(response, dict) or response.get("resourceType") != "CoverageEligibilityResponse":
        raise PayerAway("the answer is no CoverageEligibilityResponse")
    if response.get("outcome") == "error" or response.get("error"):
        codes = _codes(response.get("error"))
        known = next((_REASONS[code] for code in codes if code in _REASONS), None)
        if known is None or known is Coverage.COULD_NOT_REACH:
            raise PayerAway("the payer answered with an error")
        return Reply(known)
    insurance = _first(response.get("insurance"))
    if response.get("outcome") != "complete" or not isinstance(insurance.get("inforce"), bool):
        raise PayerAway("the answer does not say whether the cover is in force")
    return Reply(
        Coverage.VERIFIED if insurance["inforce"] else Coverage.INACTIVE,
        plan=_text(insurance.get("coverage"), "display"),
        until=_day(_text(insurance.get("benefitPeriod"), "end")),
        reference=str(response.get("preAuthRef", ""))[:60],
    )


def _class_type(code: str) -> dict[str, Any]:
    return {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/coverage-class", "code": code}]}


def _coded(code: str) -> dict[str, Any]:
    return {"coding": [{"system": "https://codesystem.x12.org/005010/901", "code": code}]}


def _codes(errors: Any) -> list[str]:
    found = [one.get("code") for one in errors if isinstance(one, dict)] if isinstance(errors, list) else []
    codings = [coding for one in found if isinstance(one, dict) for coding in one.get("coding") or []]
    return [str(coding.get("code", "")) for coding in codings if isinstance(coding, dict)]


def _first(found: Any) -> dict[str, Any]:
    return found[0] if isinstance(found, list) and found and isinstance(found[0], dict) else {}


def _text(found: Any, name: str) -> str:
    return str(found.get(name) or "")[:120] if isinstance(found, dict) else ""


def _day(text: str) -> str:
    return text[:10] if re.fullmatch(r"\d{4}-\d{2}-\d{2}.*", text) else ""
