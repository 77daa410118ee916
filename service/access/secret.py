"""Secrets that a machine made: shown once, and only a digest of them is kept.

Their 256 random bits make a slow hash needless, and looking them up by digest leaks no time that would help to guess them.
"""

import hashlib
import hmac
import secrets

_BYTES = 32


def new_secret() -> str:
    """43 characters of the URL-safe base64 alphabet."""
    return secrets.token_urlsafe(_BYTES)


def digest(secret: str) -> str:
    """SHA-256, hex: what is kept of a secret."""
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()


def derived(secret: str, purpose: str) -> str:
    """Another secret, 64 hex digits, that whoever has ``secret`` can make anew, and that does not tell it (HMAC, RFC 2104)."""
    return hmac.new(secret.encode(errors="surrogatepass"), purpose.encode(), hashlib.sha256).hexdigest()
