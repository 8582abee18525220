"""Passwords and tokens."""

import asyncio
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pyotp
import pytest
from cryptography.fernet import InvalidToken

from tongtai.infra.credentials import (
    OneTimeCodes,
    Passwords,
    Vault,
    new_password,
    new_token,
    token_hash,
)


async def test_password_is_verified_and_salted():
    passwords = Passwords()
    one, two = await asyncio.gather(passwords.hash("quiet lantern"), passwords.hash("quiet lantern"))
    assert one != two
    assert one.startswith("$argon2id$")
    assert await passwords.verify(one, "quiet lantern")
    assert not await passwords.verify(one, "quiet lantern ")
    assert not await passwords.verify("not a hash", "quiet lantern")


async def test_without_an_account_the_same_work_is_done():
    hashed = []

    class Hasher:
        def hash(self, password: str) -> str:
            return "decoy"

        def verify(self, password_hash: str, password: str) -> bool:
            hashed.append(password_hash)
            return True

    passwords = Passwords(Hasher())  # type: ignore[arg-type]
    assert not await passwords.verify(None, "anything")
    assert hashed == ["decoy"]


def test_code_counts_once_and_one_step_around_now():
    codes = OneTimeCodes()
    secret = codes.new_secret()
    now = datetime(2026, 1, 1, 12, tzinfo=UTC)
    totp = pyotp.TOTP(secret)
    step = int(now.timestamp()) // 30
    for early in (-1, 0, 1):
        code = totp.generate_otp(step + early)
        assert codes.matching_step(secret, code, at=now, after_step=0) == step + early
    for far in (-2, 2):
        assert codes.matching_step(secret, totp.generate_otp(step + far), at=now, after_step=0) is None
    assert codes.matching_step(secret, totp.generate_otp(step), at=now, after_step=step) is None


def test_vault_opens_only_what_it_sealed():
    vault = Vault("ab" * 32)
    assert vault.open(vault.seal("secret")) == "secret"
    assert "secret" not in vault.seal("secret")
    with pytest.raises(InvalidToken):
        Vault("cd" * 32).open(vault.seal("secret"))


def test_tokens_and_passwords_are_long_and_different():
    assert len({new_token() for _ in range(100)}) == 100
    assert len({new_password() for _ in range(100)}) == 100
    assert len(new_password()) == 19
    assert token_hash("a") != token_hash("b")


def test_the_qr_code_is_a_picture_of_its_own():
    """With its name space, so that an ``img`` shows it too."""
    picture = ET.fromstring(OneTimeCodes().qr_svg("otpauth://totp/Tongtai:wang?secret=ABC"))
    assert picture.tag == "{http://www.w3.org/2000/svg}svg"
