"""The variables with which others find the embedded AWS."""

from __future__ import annotations

from streaming_constructs.local.aws.api import ACCOUNT_ID, CREDENTIAL, REGION


def client_environment(endpoint_url: str, token: str, region: str = REGION) -> dict[str, str]:
    """The variables with which SDKs, the AWS CLI and the CDK CLI talk to an endpoint.

    Args:
        endpoint_url: The endpoint.
        token: What it asks of its callers.
        region: Its region.
    """
    return {
        "AWS_ENDPOINT_URL": endpoint_url,
        "AWS_ENDPOINT_URL_S3": endpoint_url,
        "AWS_ACCESS_KEY_ID": CREDENTIAL,
        "AWS_SECRET_ACCESS_KEY": CREDENTIAL,
        "AWS_SESSION_TOKEN": token,
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_EC2_METADATA_DISABLED": "true",
        "CDK_DEFAULT_ACCOUNT": ACCOUNT_ID,
        "CDK_DEFAULT_REGION": region,
    }
