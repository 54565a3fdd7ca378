"""Prices of AWS Secrets Manager."""

from __future__ import annotations

from streaming_constructs.facts.prices.price import Price

_PAGE = "https://aws.amazon.com/secrets-manager/pricing/"

SECRET = Price("secret-month", _PAGE).also("us-east-1", 0.40, copied="2026-10-01")
