"""Amazon OpenSearch Service domains."""

from __future__ import annotations

from streaming_constructs.facts import opensearch
from streaming_constructs.spec.codes.code import Code, piece

CODES = (
    Code(
        "OSD801",
        "without rotation nothing can be deleted",
        "A domain deletes documents by deleting whole indices that are old enough. One that is written to for ever never is, "
        "and fills the domain until it takes no more.",
        piece("""
            stores:
              search: {kind: opensearch}
            deliveries:
              events: {from: payments, to: {kind: opensearch, domain: search, index_rotation: none}}
        """),
        piece("""
            stores:
              search: {kind: opensearch}
            deliveries:
              events: {from: payments, to: {kind: opensearch, domain: search, index_rotation: daily}}
        """),
        source="https://docs.aws.amazon.com/firehose/latest/dev/create-destination.html",
    ),
    Code(
        "OSD802",
        "a copy needs a node of its own",
        "OpenSearch never puts two copies of a shard on one node. A copy without a node stays unassigned, and the domain is "
        "yellow from its first day.",
        piece("""
            stores:
              search: {kind: opensearch, instances: 2, zones: 2, replicas: 2}
        """),
        piece("""
            stores:
              search: {kind: opensearch, instances: 4, zones: 2, replicas: 2}
        """),
        source=opensearch.STANDBY_REPLICAS.source,
    ),
    Code(
        "OSD803",
        "data nodes do not divide evenly among the zones",
        "OpenSearch Service spreads data nodes over the zones. Where they do not divide evenly, one zone carries more than "
        "the others, and is full first.",
        piece("""
            stores:
              search: {kind: opensearch, instances: 4, zones: 3}
        """),
        piece("""
            stores:
              search: {kind: opensearch, instances: 6, zones: 3}
        """),
        source=opensearch.AVAILABILITY_ZONES.source,
    ),
    Code(
        "OSD804",
        "a version or a volume that OpenSearch Service does not offer",
        "OpenSearch Service offers some versions of OpenSearch, and volumes up to a size that depends on the instance type. "
        "With anything else the stack fails while it is being deployed.",
        piece("""
            stores:
              search: {kind: opensearch, version: "2.18"}
        """),
        piece("""
            stores:
              search: {kind: opensearch, version: "2.19"}
        """),
        source="https://docs.aws.amazon.com/opensearch-service/latest/developerguide/what-is.html",
    ),
    Code(
        "OSD805",
        "a domain has one subnet in each of its zones",
        "OpenSearch Service places the nodes of a zone into the subnet of that zone. With more or fewer subnets than zones "
        "the stack fails while it is being deployed.",
        piece("""
            stores:
              search:
                kind: opensearch
                zones: 3
                vpc:
                  subnet_ids: [subnet-0a1b2c3d4e5f60718, subnet-1a1b2c3d4e5f60718]
                  security_group_ids: [sg-0a1b2c3d4e5f60718]
        """),
        piece("""
            stores:
              search:
                kind: opensearch
                zones: 3
                vpc:
                  subnet_ids: [subnet-0a1b2c3d4e5f60718, subnet-1a1b2c3d4e5f60718, subnet-2a1b2c3d4e5f60718]
                  security_group_ids: [sg-0a1b2c3d4e5f60718]
        """),
        source="https://docs.aws.amazon.com/opensearch-service/latest/developerguide/vpc.html",
    ),
    Code(
        "OSD806",
        "the domain is too small for what is delivered to it",
        "Documents need storage for as long as they are kept, and shards need memory and processors. A domain that is full "
        "blocks writes, and what cannot be written goes to the backup.",
        piece("""
            stores:
              search: {kind: opensearch, retention_days: 30, instances: 3, volume_gb: 100}
            deliveries:
              events: {from: payments, to: {kind: opensearch, domain: search}}
        """),
        piece("""
            stores:
              search: {kind: opensearch, retention_days: 30}
            deliveries:
              events: {from: payments, to: {kind: opensearch, domain: search}}
        """),
        source=opensearch.STORAGE_FACTOR.source,
    ),
    Code(
        "OSD807",
        "a destination is either a store of the system or an existing domain",
        "With both, one of them would be passed over in silence; with neither there is nowhere to write to.",
        piece("""
            deliveries:
              search: {from: payments, to: {kind: opensearch}}
        """),
        piece("""
            deliveries:
              search:
                from: payments
                to: {kind: opensearch, domain_arn: "arn:aws:es:eu-west-1:123456789012:domain/payments"}
        """),
    ),
    Code(
        "OSD808",
        "a burstable node slows down when its credits are used up",
        "T3 nodes earn processor credits while they are idle. Records that come all day use them up, and then indexing "
        "slows down for good. AWS has them for trials.",
        piece("""
            stores:
              search: {kind: opensearch, instance_type: t3.medium.search}
        """),
        piece("""
            stores:
              search: {kind: opensearch, instance_type: m7g.large.search}
        """),
        source=opensearch.DATA_NODES_WITH_MASTERS.source,
    ),
    Code(
        "OSD809",
        "two deliveries write to the same index",
        "An index has its fields, its number of shards and its retention once. Those of the delivery that is deployed last "
        "would hold for both, and documents of the other may be refused.",
        piece("""
            stores:
              search: {kind: opensearch}
            deliveries:
              events: {from: payments, to: {kind: opensearch, domain: search, index: payments}}
              copies: {from: payments, to: {kind: opensearch, domain: search, index: payments}}
        """),
        piece("""
            stores:
              search: {kind: opensearch}
            deliveries:
              events: {from: payments, to: {kind: opensearch, domain: search, index: payments}}
              copies: {from: payments, to: {kind: opensearch, domain: search, index: copies}}
        """),
        source=opensearch.SEARCH_SHARD_GIB.source,
    ),
    Code(
        "OSD810",
        "what is kept for long costs much",
        "An index is on disks beside processors, several times, and every day of retention is paid for as long as the domain "
        "stands. A year of a busy stream costs more than all the rest of the system; an archive of it in S3 a fiftieth.",
        piece("""
            stores:
              search: {kind: opensearch, retention_days: 365}
            deliveries:
              documents: {from: payments, to: {kind: opensearch, domain: search}}
        """),
        piece("""
            stores:
              search: {kind: opensearch, retention_days: 14}
            deliveries:
              documents: {from: payments, to: {kind: opensearch, domain: search}}
              archive: {from: payments, to: {kind: s3, format: parquet}}
        """),
        source="https://docs.aws.amazon.com/opensearch-service/latest/developerguide/sizing-domains.html",
    ),
    Code(
        "OSD811",
        "a domain that keeps its data stands and falls with one node or zone",
        "Nodes are replaced, and zones go away. Without a copy the documents of a lost node are gone; with one node or one "
        "zone nothing is searched or written meanwhile; without dedicated masters a busy node may let the cluster fall apart.",
        piece("""
            stores:
              search: {kind: opensearch, replicas: 0}
            deliveries:
              documents: {from: payments, to: {kind: opensearch, domain: search}}
        """),
        piece("""
            stores:
              search: {kind: opensearch, replicas: 1}
            deliveries:
              documents: {from: payments, to: {kind: opensearch, domain: search}}
        """),
        source="https://docs.aws.amazon.com/opensearch-service/latest/developerguide/bp.html",
    ),
    Code(
        "OSD812",
        "the indices of one delivery look like those of another",
        "The time follows on the name of an index, as in `logs-2026-01-31`, and retention is applied by that form. An index "
        "that is called `logs-2` has it too: it would be deleted when those of `logs` are, although it may be written to for "
        "longer.",
        piece("""
            stores:
              search: {kind: opensearch}
            deliveries:
              logs: {from: payments, to: {kind: opensearch, domain: search, index: logs}}
              more: {from: payments, to: {kind: opensearch, domain: search, index: logs-2}}
        """),
        piece("""
            stores:
              search: {kind: opensearch}
            deliveries:
              logs: {from: payments, to: {kind: opensearch, domain: search, index: logs}}
              more: {from: payments, to: {kind: opensearch, domain: search, index: logs-v2}}
        """),
        source="https://docs.aws.amazon.com/firehose/latest/dev/es-index-rotation.html",
    ),
)
