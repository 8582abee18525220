"""A signed PDF shows who signed, and any changed byte."""

import random
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import typst
from tests.support.processes import free_ports

from tongtai.infra.signing import authority
from tongtai.infra.signing.errors import NotASignedPdfError, SigningError, SigningTokenError, TimestampError
from tongtai.infra.signing.pdf import local_timestamps, sign_pdf, software_signer, timestamps_from, verify_pdf
from tongtai.infra.signing.token import TokenPlace, token_signer

AT = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
SOFTHSM = Path("/usr/lib/softhsm/libsofthsm2.so")


@pytest.fixture(scope="module")
def root():
    return authority.new_root(at=AT)


@pytest.fixture(scope="module")
def timestamper(root):
    return authority.issue_timestamper(root, at=AT)


@pytest.fixture(scope="module")
def person(root):
    return authority.issue_person(root, name="测试甲", organisation="甲医院", identifier="usr_a", at=AT)


@pytest.fixture(scope="module")
def document(tmp_path_factory):
    source = tmp_path_factory.mktemp("pdf") / "a.typ"
    source.write_text("Opinion", encoding="utf-8")
    return typst.compile(source, ignore_system_fonts=True, pdf_standards=["a-2b"])


@pytest.fixture
def sign(root, timestamper):
    async def signed(pdf, signer, field="lead_guide", *, at=AT):
        stamps = local_timestamps(timestamper, root=root.certificate, at=at)
        return await sign_pdf(pdf, signer, field=field, reason=field, timestamps=stamps)

    return signed


@pytest.fixture
def found(root):
    async def all_of(pdf, *, revoked=(), at=AT, roots=None):
        lists = [authority.revocation_list(root, revoked, at=at)]
        return await verify_pdf(
            pdf, roots=[root.certificate] if roots is None else roots, revocations=lists, at=at
        )

    return all_of


async def test_two_people_sign_one_after_the_other_and_both_signatures_hold(
    root, person, document, sign, found
):
    other = authority.issue_person(root, name="Other", organisation="Centre", identifier="usr_b", at=AT)
    once = await sign(document, software_signer(person, root=root.certificate), "operator")
    twice = await sign(once, software_signer(other, root=root.certificate), "lead_guide")

    signatures = await found(twice)

    assert [(s.field, s.signer, s.organisation, s.identifier) for s in signatures] == [
        ("operator", "测试甲", "甲医院", "usr_a"),
        ("lead_guide", "Other", "Centre", "usr_b"),
    ]
    assert all(s.good and s.test_only and s.timestamp == AT for s in signatures)
    assert twice.startswith(once), "the first signature's bytes are still there"


async def test_nobody_signs_twice_under_one_name(root, person, document, sign):
    once = await sign(document, software_signer(person, root=root.certificate))
    with pytest.raises(SigningError):
        await sign(once, software_signer(person, root=root.certificate))


async def test_f26_a_flipped_bit_anywhere_in_what_was_signed_is_found(root, person, document, sign, found):
    signed = await sign(document, software_signer(person, root=root.certificate))
    chance = random.Random(26)
    for place in chance.sample(range(len(document)), 30):
        changed = bytearray(signed)
        changed[place] ^= 1 << chance.randrange(8)
        try:
            signatures = await found(bytes(changed))
        except NotASignedPdfError:
            continue  # not even a document any more
        assert not any(s.good for s in signatures), f"byte {place}"


async def test_something_added_afterwards_is_found(root, person, document, sign, found):
    signed = await sign(document, software_signer(person, root=root.certificate))
    (signature,) = await found(signed + b"\n% one more line\n")
    assert signature.intact
    assert not signature.good


async def test_f26_a_certificate_revoked_before_signing_is_refused_and_one_revoked_later_is_not(
    root, person, document, sign, found
):
    signed = await sign(document, software_signer(person, root=root.certificate), at=AT + timedelta(hours=2))
    later = AT + timedelta(days=1)

    (before,) = await found(signed, revoked=[(person.serial, AT + timedelta(hours=1))], at=later)
    (after,) = await found(signed, revoked=[(person.serial, AT + timedelta(hours=3))], at=later)

    assert (before.revoked, before.good) == (True, False)
    assert (after.revoked, after.good) == (False, True)


async def test_an_authority_that_is_not_trusted_here_is_said(root, person, document, sign, found):
    signed = await sign(document, software_signer(person, root=root.certificate))
    (signature,) = await found(signed, roots=[authority.new_root(at=AT).certificate])
    assert signature.intact
    assert not signature.trusted


async def test_what_is_no_pdf_is_refused(root, person, sign, found):
    with pytest.raises(NotASignedPdfError):
        await sign(b"not a PDF", software_signer(person, root=root.certificate))
    with pytest.raises(NotASignedPdfError):
        await found(b"not a PDF")


async def test_without_the_timestamp_authority_nothing_is_signed(root, person, document):
    signer = software_signer(person, root=root.certificate)
    (port,) = free_ports(1)
    stamps = timestamps_from(f"http://127.0.0.1:{port}/tsa")
    with pytest.raises(TimestampError):
        await sign_pdf(document, signer, field="operator", reason="", timestamps=stamps)


async def test_poppler_finds_the_same_signatures(root, person, document, sign, tmp_path):
    if not shutil.which("pdfsig"):
        pytest.skip("pdfsig is not on PATH (Debian: apt install poppler-utils)")
    path = tmp_path / "signed.pdf"
    path.write_bytes(await sign(document, software_signer(person, root=root.certificate)))
    said = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in said
    assert "ETSI.CAdES.detached" in said
    assert "Total document signed" in said


@pytest.fixture(scope="module")
def token(tmp_path_factory, root, person):
    """A token of SoftHSM with the person's key in it; its library reads its settings once a process."""
    if not (SOFTHSM.exists() and shutil.which("pkcs11-tool")):
        pytest.skip("SoftHSM is not here (Debian: apt install softhsm2 opensc)")
    tmp_path = tmp_path_factory.mktemp("token")
    (tmp_path / "tokens").mkdir()
    (tmp_path / "softhsm.conf").write_text(f"directories.tokendir = {tmp_path / 'tokens'}\n")
    (tmp_path / "key.pem").write_bytes(person.key)

    def run(*words):
        subprocess.run(words, check=True, capture_output=True)

    patch = pytest.MonkeyPatch()
    patch.setenv("SOFTHSM2_CONF", str(tmp_path / "softhsm.conf"))
    run("softhsm2-util", "--init-token", "--free", "--label", "hall", "--pin", "4321", "--so-pin", "8765")
    run(
        *("softhsm2-util", "--import", tmp_path / "key.pem", "--token", "hall"),
        *("--label", "usr_a", "--id", "01", "--pin", "4321"),
    )
    yield TokenPlace(module=SOFTHSM, token="hall")
    patch.undo()


async def test_a_key_in_a_token_signs_without_leaving_it(token, person, document, sign, found):
    with token_signer(token, key_label="usr_a", pin="4321", certificate=person.certificate) as signer:
        signed = await sign(document, signer)
    (signature,) = await found(signed)
    assert signature.good


async def test_a_wrong_pin_signs_nothing_and_is_not_repeated_in_the_error(token, person):
    with (
        pytest.raises(SigningTokenError) as caught,
        token_signer(token, key_label="usr_a", pin="9999", certificate=person.certificate),
    ):
        pass
    assert "9999" not in str(caught.value) + str(caught.value.values)
