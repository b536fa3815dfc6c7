"""The certificate with which `--host` serves HTTPS: self-signed, for every address of this machine."""

from __future__ import annotations

import datetime
import ipaddress
import os
import socket
from pathlib import Path
from typing import Any

from hospital_ops.infra import secret_files

DAYS = 397  # Phones refuse certificates that live longer.
RENEW_DAYS = 30


def names_of_this_host(host: str) -> list[str]:
    """Every name and address under which this machine may be opened, the one for people first."""
    import psutil

    found = [
        entry.address.split("%")[0]
        for entries in psutil.net_if_addrs().values()
        for entry in entries
        if entry.family in (socket.AF_INET, socket.AF_INET6)
    ]
    outside = [address for address in found if not ipaddress.ip_address(address).is_loopback]
    outside.sort(key=lambda address: (":" in address, ipaddress.ip_address(address).is_link_local))
    named = [] if host in {"0.0.0.0", "::"} else [host]
    return list(dict.fromkeys([*named, *outside, socket.gethostname(), "localhost", "127.0.0.1", "::1"]))


def ensure(folder: Path, names: list[str], now: datetime.datetime) -> tuple[Path, Path]:
    """(certificate, key) that cover `names` and last; made when missing, soon to end, or for other names."""
    certificate, key = folder / "tls" / "certificate.pem", folder / "tls" / "key.pem"
    if not (key.exists() and _covers(certificate, set(names), now)):
        _make(certificate, key, names, now)
    return certificate, key


def _covers(file: Path, names: set[str], now: datetime.datetime) -> bool:
    from cryptography import x509

    try:
        certificate = x509.load_pem_x509_certificate(file.read_bytes())
    except (OSError, ValueError):
        return False
    extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    covered = {str(value) for kind in (x509.DNSName, x509.IPAddress) for value in _values(extension, kind)}
    return names <= covered and certificate.not_valid_after_utc > now + datetime.timedelta(days=RENEW_DAYS)


def _values(extension: Any, kind: Any) -> list[Any]:
    return list(extension.get_values_for_type(kind))


def _make(certificate_file: Path, key_file: Path, names: list[str], now: datetime.datetime) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"hospital-ops on {socket.gethostname()}"[:64])])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=DAYS))
        .add_extension(x509.SubjectAlternativeName([_general_name(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    secret = key.private_bytes(pem, pkcs8, serialization.NoEncryption())
    secret_files.write(key_file, secret.decode().strip())
    secret_files.write(certificate_file, certificate.public_bytes(pem).decode().strip())
    os.chmod(certificate_file, 0o644)


def _general_name(name: str) -> Any:
    from cryptography import x509

    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
