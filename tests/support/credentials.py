"""Clips signed with certificates of our own, as content credentials (C2PA) are."""

import datetime
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AI = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
CAMERA = "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"
CREATED = {"action": "c2pa.created", "digitalSourceType": AI, "softwareAgent": {"name": "Imaginer", "version": "2"}}
NEWSROOM = "Test Newsroom"
CUT = {"action": "c2pa.edited", "softwareAgent": "CutPro", "description": "cut"}


@dataclass(frozen=True)
class Signer:
    """A certificate authority, as a trust list in PEM, and one who signs with its leave."""

    trust_list: str
    chain: str
    key: str


@cache
def signer(organisation: str) -> Signer:
    """A signer of that organisation, made anew, valid for a month."""
    root, root_key = _certificate(_name("Test Authority", "Root"))
    leaf, key = _certificate(_name(organisation, "Desk"), root.subject, root_key)
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    root_pem, leaf_pem = (each.public_bytes(pem).decode() for each in (root, leaf))
    return Signer(
        root_pem, leaf_pem + root_pem, key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain).decode()
    )


def signed(
    source: Path,
    target: Path,
    actions: tuple[dict[str, Any], ...] = (CREATED, CUT),
    title: str = "a clip",
    **manifest: Any,
) -> Path:
    """A copy of an MP4 that carries credentials, which say that a tool made it and what was done."""
    import c2pa

    who = signer(NEWSROOM)
    info = c2pa.C2paSignerInfo(b"es256", who.chain.encode(), who.key.encode(), None)
    content = {
        "claim_generator_info": [{"name": "GenTool", "version": "3.1"}],
        "title": title,
        "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": list(actions)}}],
    }
    with source.open("rb") as before, target.open("w+b") as after:
        c2pa.Builder(content | manifest).sign(c2pa.Signer.from_info(info), "video/mp4", before, after)
    return target


def remote(source: Path, target: Path, url: str = "http://127.0.0.1:9/manifest.c2pa") -> Path:
    """A copy of an MP4 whose credentials lie elsewhere."""
    import c2pa

    who = signer(NEWSROOM)
    info = c2pa.C2paSignerInfo(b"es256", who.chain.encode(), who.key.encode(), None)
    builder = c2pa.Builder({"assertions": [{"label": "c2pa.actions.v2", "data": {"actions": [CREATED]}}]})
    builder.set_no_embed()
    builder.set_remote_url(url)
    with source.open("rb") as before, target.open("w+b") as after:
        builder.sign(c2pa.Signer.from_info(info), "video/mp4", before, after)
    return target


def tampered(path: Path, target: Path) -> Path:
    """A copy with one byte of its pictures changed after it was signed."""
    content = bytearray(path.read_bytes())
    content[content.rfind(b"mdat") + 200] ^= 255
    target.write_bytes(content)
    return target


def _name(organisation: str, name: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation), x509.NameAttribute(NameOID.COMMON_NAME, name)]
    )


def _certificate(
    subject: x509.Name, issuer: x509.Name | None = None, issuer_key: ec.EllipticCurvePrivateKey | None = None
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    """A certificate with its key; an authority's own where there is no issuer."""
    key, now, authority = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.UTC), issuer is None
    day = datetime.timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer or subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - day)
        .not_valid_after(now + 30 * day)
        .add_extension(x509.BasicConstraints(authority, None), True)
        .add_extension(
            x509.KeyUsage(not authority, False, False, False, False, authority, authority, False, False), True
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key((issuer_key or key).public_key()), False)
    )
    if not authority:
        made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), False)
    return made.sign(issuer_key or key, hashes.SHA256()), key
