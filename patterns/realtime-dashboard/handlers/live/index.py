"""API `live`: a page of live numbers, and the numbers that are on it."""

import base64
import hashlib
import json
import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
from boto3.dynamodb.conditions import Key

MINUTES = 30
ALL = "*"
"""The page under which all pages are counted."""
LONGEST_PAGE = 500
PAGE = (Path(__file__).parent / "page.html").read_text("utf-8")


def hashes(tag: str) -> str:
    """Name what may run or style the page: what stands in it, and nothing that somebody brings in."""
    found = re.findall(rf"<{tag}>(.*?)</{tag}>", PAGE, re.DOTALL)
    digests = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in found)
    return " ".join(f"'sha256-{digest}'" for digest in digests)


HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; script-src {hashes('script')}; style-src {hashes('style')}; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_dynamodb = boto3.resource("dynamodb")
COUNTS = _dynamodb.Table(os.environ["LIVE_COUNTS_TABLE_NAME"])
TOP = _dynamodb.Table(os.environ["TOP_PAGES_TABLE_NAME"])


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Answer `/` with the page, and `/numbers` with what is on it: of all pages, or of the one that `?page=` names."""
    path = event["path"].strip("/")
    if path == "":
        return answer(200, "text/html; charset=utf-8", PAGE)
    if path != "numbers":
        return told(404, {"message": "there is no such page"})
    page = (event.get("queryStringParameters") or {}).get("page") or ALL
    if len(page) > LONGEST_PAGE:
        return told(400, {"message": f"a page has at most {LONGEST_PAGE} characters"})
    return told(200, numbers(datetime.now(UTC), page))


def numbers(now: datetime, page: str = ALL) -> dict[str, Any]:
    """Return the views of each of the last minutes that had any, and what was viewed most in the newest of them."""
    first = (now - timedelta(minutes=MINUTES - 1)).strftime("%Y-%m-%dT%H:%M:00Z")
    total = counts(ALL, first)
    newest = total[-1]["minute"] if total else None
    top = TOP.query(KeyConditionExpression=Key("minute").eq(newest))["Items"] if newest else []
    return {
        "now": now.isoformat(),
        "page": page,
        "counted_until": total[-1]["counted_until"] if total else None,
        "minutes": total if page == ALL else counts(page, first),
        "top": [{"page": item["page"], "views": int(item["views"])} for item in top],
    }


def counts(page: str, first: str) -> list[dict[str, Any]]:
    """Return the minutes of a page from `first` on, the oldest first."""
    found = COUNTS.query(KeyConditionExpression=Key("page").eq(page) & Key("minute").gte(first))["Items"]
    return [
        {
            "minute": item["minute"],
            "counted_until": item["counted_until"],
            "views": int(item["views"]),
            "visitors": int(item["visitors"]),
        }
        for item in found
    ]


def told(status: int, value: dict[str, Any]) -> dict[str, Any]:
    """Return an answer in JSON."""
    return answer(status, "application/json", json.dumps(value))


def answer(status: int, kind: str, body: str) -> dict[str, Any]:
    """Return an answer as API Gateway takes it."""
    return {"statusCode": status, "headers": {**HEADERS, "Content-Type": kind}, "body": body}
