"""The bucket of what a delivery writes beside its destination."""

from __future__ import annotations

from pydantic import Field

from streaming_constructs.spec.model import FolderName
from streaming_constructs.spec.s3_bucket import BucketSpec


class BackupSpec(BucketSpec):
    """Where copies of records go beside their destination, gzipped as they came."""

    prefix: FolderName | None = Field(
        default=None, description="Folder in the bucket. Left out: backup, then the name of the delivery."
    )

    def folder(self, delivery: str) -> str:
        """The folder in the bucket, with the `/` behind it.

        Args:
            delivery: The name of the delivery.
        """
        return f"{(self.prefix or f'backup/{delivery}').rstrip('/')}/"
