"""The ARNs of topics and groups, which follow from that of their cluster: its name alone is not enough, it has an id as well.

Source: https://docs.aws.amazon.com/msk/latest/developerguide/kafka-actions.html
"""

from __future__ import annotations

from dataclasses import dataclass

from aws_cdk import Fn, Token


@dataclass(frozen=True, slots=True)
class ClusterArn:
    """An ARN of a cluster, `arn:PARTITION:kafka:REGION:ACCOUNT:cluster/NAME/UUID`, be it known or not before deployment.

    Attributes:
        arn: The ARN.
    """

    arn: str

    @property
    def cluster_name(self) -> str:
        """The name of the cluster."""
        return self._split("/", 1)

    def topic(self, name: str) -> str:
        """The ARN of a topic.

        Args:
            name: Its name; `*` for all.
        """
        return self._inside("topic", name)

    def group(self, name: str) -> str:
        """The ARN of a consumer group.

        Args:
            name: Its id; `*` for all.
        """
        return self._inside("group", name)

    def transactional_id(self, name: str) -> str:
        """The ARN of a transactional id.

        Args:
            name: The id; `*` for all.
        """
        return self._inside("transactional-id", name)

    def _inside(self, what: str, name: str) -> str:
        place = ":".join(("arn", *(self._split(":", part) for part in range(1, 5))))
        return f"{place}:{what}/{self.cluster_name}/{self._split('/', 2)}/{name}"

    def _split(self, separator: str, part: int) -> str:
        if not Token.is_unresolved(self.arn):
            return self.arn.split(separator)[part]
        return Fn.select(part, Fn.split(separator, self.arn))
