"""The channels through which payers are asked, as the settings name them. To add one: a class with `reaches` and `ask`."""

from __future__ import annotations

from dataclasses import dataclass

from hospital_ops.config import get_settings
from hospital_ops.domain.eligibility import Channel, Inquiry, PayerAway, Reply, payer_key
from hospital_ops.infra.json_call import CallFailed, post_json
from hospital_ops.interop import eligibility as fhir
from hospital_ops.queries.clock import real_now

SUBMIT = "/CoverageEligibilityRequest/$submit"


@dataclass(frozen=True, slots=True)
class FhirChannel:
    """A payer or clearing house that speaks FHIR. `payers`: the names that it knows; none given means all."""

    url: str
    payers: frozenset[str] = frozenset()
    token: str = ""
    name: str = "fhir"

    def reaches(self, payer: str) -> bool:
        return not self.payers or payer_key(payer) in self.payers

    def ask(self, inquiry: Inquiry, *, seconds: float) -> Reply:
        headers = {"Content-Type": fhir.CONTENT_TYPE, "Accept": fhir.CONTENT_TYPE}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        question = fhir.request_of(inquiry, day=real_now().date().isoformat())
        try:
            answer = post_json(self.url.rstrip("/") + SUBMIT, question, headers=headers, seconds=seconds)
        except CallFailed as failed:
            raise PayerAway(str(failed)) from failed
        return fhir.reply_of(answer)


def channels() -> list[Channel]:
    """Every way to a payer that this house has; none is an answer too."""
    settings = get_settings()
    if not settings.payer_url:
        return []
    names = frozenset(payer_key(name) for name in settings.payer_names.split(",") if name.strip())
    return [FhirChannel(settings.payer_url, names, settings.payer_token)]
