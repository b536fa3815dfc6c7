"""The certificate of `--host`: for every address of this machine, private, and renewed in time."""

from __future__ import annotations

import datetime
import ssl
import stat
from pathlib import Path

from cryptography import x509

from hospital_ops.infra import certificate

NOW = datetime.datetime(2026, 11, 24, 9, tzinfo=datetime.UTC)
NAMES = ["192.0.2.7", "ward-tablet", "localhost", "127.0.0.1", "::1"]


def test_it_covers_every_name_and_its_key_is_private(tmp_path: Path) -> None:
    cert, key = certificate.ensure(tmp_path, NAMES, NOW)
    loaded = x509.load_pem_x509_certificate(cert.read_bytes())
    alternatives = loaded.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert {str(name.value) for name in alternatives} == set(NAMES)
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(cert, key)


def test_it_is_kept_while_it_lasts_and_renewed_before_it_ends(tmp_path: Path) -> None:
    first = certificate.ensure(tmp_path, NAMES, NOW)[0].read_bytes()
    assert certificate.ensure(tmp_path, NAMES, NOW + datetime.timedelta(days=300))[0].read_bytes() == first
    late = NOW + datetime.timedelta(days=certificate.DAYS - 10)
    assert certificate.ensure(tmp_path, NAMES, late)[0].read_bytes() != first


def test_a_new_address_makes_a_new_one(tmp_path: Path) -> None:
    first = certificate.ensure(tmp_path, NAMES, NOW)[0].read_bytes()
    assert certificate.ensure(tmp_path, [*NAMES, "192.0.2.8"], NOW)[0].read_bytes() != first


def test_this_host_knows_its_names() -> None:
    names = certificate.names_of_this_host("0.0.0.0")
    assert {"localhost", "127.0.0.1"} <= set(names)
    assert certificate.names_of_this_host("ward.example")[0] == "ward.example"
