"""What changes of a template mean for domains and collections of OpenSearch."""

from __future__ import annotations

from streaming_constructs.spec.codes.code import Code, review_code

_GUIDE = "https://docs.aws.amazon.com/opensearch-service/latest/developerguide"
_DOMAIN = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-opensearchservice-domain.html"
)
_CHANGES = f"{_GUIDE}/managedomains-configuration-changes.html"
_SIZING = f"{_GUIDE}/sizing-domains.html"
_UPGRADES = "\n  UpdatePolicy: {EnableVersionUpgrade: true}"


def _domain(properties: str, beside: str = "") -> str:
    return f"Logs:\n  Type: AWS::OpenSearchService::Domain{beside}\n  Properties: {properties}\n"


def _policy(principal: str) -> str:
    statement = f"{{Effect: Allow, Principal: {{AWS: {principal}}}, Action: 'es:ESHttp*', Resource: '*'}}"
    return _domain(f"{{AccessPolicies: {{Statement: [{statement}]}}}}")


_ROLE = "!Sub 'arn:aws:iam::${AWS::AccountId}:role/search'"
_OTHERS = "[!Sub 'arn:aws:iam::${AWS::AccountId}:role/search', !Sub 'arn:aws:iam::${AWS::AccountId}:role/write']"

CODES: tuple[Code, ...] = (
    review_code(
        "REV375",
        "caution",
        "none",
        "the engine of a domain is upgraded in place",
        "Documents stay. But it cannot go back, takes hours, and a new major version may refuse indices, settings and "
        "clients that the earlier one took.",
        before=_domain("{EngineVersion: OpenSearch_2.17}", _UPGRADES),
        after=_domain("{EngineVersion: OpenSearch_2.19}", _UPGRADES),
        source=f"{_GUIDE}/version-migration.html",
    ),
    review_code(
        "REV376",
        "danger",
        "encryption",
        "data of a domain is encrypted no more, at rest or on its way",
        "Documents lie or travel in the clear, between nodes or from callers. What OpenSearch Service does not turn "
        "off in place makes the deployment fail.",
        before=_domain("{DomainEndpointOptions: {EnforceHTTPS: true}}"),
        after=_domain("{DomainEndpointOptions: {EnforceHTTPS: false}}"),
        source=f"{_GUIDE}/ntn.html",
    ),
    review_code(
        "REV377",
        "caution",
        "encryption",
        "data is encrypted with another key",
        "What is there stays under the earlier key, which has to be kept as long as it. New collections are made "
        "under the new one.",
        before="""
            Keys:
              Type: AWS::OpenSearchServerless::SecurityPolicy
              Properties:
                Name: keys
                Type: encryption
                Policy: '{"Rules": [{"ResourceType": "collection", "Resource": ["collection/logs"]}], "AWSOwnedKey": true}'
        """,
        after="""
            Keys:
              Type: AWS::OpenSearchServerless::SecurityPolicy
              Properties:
                Name: keys
                Type: encryption
                Policy: '{"Rules": [{"ResourceType": "collection", "Resource": ["collection/*"]}], "AWSOwnedKey": true}'
        """,
        source=f"{_GUIDE}/serverless-encryption.html",
    ),
    review_code(
        "REV378",
        "caution",
        "none",
        "a domain or a collection is guarded, or answers, otherwise",
        "Callers sign in, reach it or are answered in another way than before, or a guard against a mistake is gone. "
        "Whoever calls it has to follow.",
        before=_domain("{CognitoOptions: {Enabled: true, UserPoolId: a}}"),
        after=_domain("{CognitoOptions: {Enabled: false, UserPoolId: a}}"),
        source=_DOMAIN,
    ),
    review_code(
        "REV379",
        "fine",
        "none",
        "a domain or a collection has more, or is guarded better",
        "Nothing is weaker: more nodes or space, encryption, logs, a narrower policy, or another time at which it is "
        "maintained.",
        before=_domain("{EBSOptions: {EBSEnabled: true, VolumeSize: 100}}"),
        after=_domain("{EBSOptions: {EBSEnabled: true, VolumeSize: 200}}"),
        source=_CHANGES,
    ),
    review_code(
        "REV380",
        "danger",
        "iam-widened",
        "a domain no longer asks who its callers are",
        "Fine-grained access control says who may read which index. Without it, or with callers that are nobody, "
        "whoever the access policy lets in may read and delete everything.",
        before=_domain("{AdvancedSecurityOptions: {Enabled: true, AnonymousAuthEnabled: false}}"),
        after=_domain("{AdvancedSecurityOptions: {Enabled: true, AnonymousAuthEnabled: true}}"),
        source=f"{_GUIDE}/fgac.html",
    ),
    review_code(
        "REV381",
        "danger",
        "public-access",
        "a domain or a collection is open to the world",
        "Everybody who finds its address may call it, with no account and no condition. In a VPC, or with "
        "fine-grained access control, one guard is left.",
        before=_policy(_ROLE),
        after=_policy("'*'"),
        source=f"{_GUIDE}/ac.html",
    ),
    review_code(
        "REV382",
        "caution",
        "iam-widened",
        "somebody may do more with a domain or a collection",
        "A principal, an action or a resource came to its policy: whoever it is may do that from the deployment on.",
        before=_policy(_ROLE),
        after=_policy(_OTHERS),
        source=f"{_GUIDE}/ac.html",
    ),
    review_code(
        "REV383",
        "danger",
        "network",
        "a domain does not move into a VPC, or out of it",
        "Whether a domain has a public endpoint or one in a VPC is decided when it is made. OpenSearch Service "
        "refuses to change it, and the deployment fails.",
        before=_domain("{VPCOptions: {SubnetIds: [subnet-1], SecurityGroupIds: [sg-1]}}"),
        after=_domain("{EngineMode: GENERAL}"),
        source=f"{_GUIDE}/vpc.html",
    ),
    review_code(
        "REV384",
        "caution",
        "network",
        "a domain or a collection is reached from another network",
        "Callers in the earlier subnets, or in groups that the new one does not let in, reach it no more; others may "
        "do so.",
        before=_domain("{VPCOptions: {SubnetIds: [subnet-1], SecurityGroupIds: [sg-1]}}"),
        after=_domain("{VPCOptions: {SubnetIds: [subnet-1], SecurityGroupIds: [sg-2]}}"),
        source=f"{_GUIDE}/vpc.html",
    ),
    review_code(
        "REV385",
        "caution",
        "scaling",
        "a domain has less to work with, or fewer zones",
        "What is left holds all documents and answers all calls. With fewer zones, nodes or masters the failure of "
        "one stops it, or loses what had no replica.",
        before=_domain("{ClusterConfig: {InstanceCount: 6}}"),
        after=_domain("{ClusterConfig: {InstanceCount: 3}}"),
        source=_SIZING,
    ),
    review_code(
        "REV386",
        "caution",
        "none",
        "logs or snapshots of a domain are not written",
        "Why it fails, who read what, or how it was yesterday can be seen no more: what is not written cannot be had "
        "later.",
        before=_domain(
            "{LogPublishingOptions: {ES_APPLICATION_LOGS: {CloudWatchLogsLogGroupArn: "
            "'arn:aws:logs:eu-west-1:1:log-group:a'}}}"
        ),
        after=_domain("{EngineMode: GENERAL}"),
        source=f"{_GUIDE}/createdomain-configure-slow-logs.html",
    ),
    review_code(
        "REV387",
        "caution",
        "scaling",
        "a domain has smaller volumes",
        "Indices, their replicas and a quarter of free space have to fit: otherwise OpenSearch Service refuses the "
        "change, or blocks writes as soon as they are full.",
        before=_domain("{EBSOptions: {EBSEnabled: true, VolumeSize: 200}}"),
        after=_domain("{EBSOptions: {EBSEnabled: true, VolumeSize: 100}}"),
        source=_SIZING,
    ),
    review_code(
        "REV388",
        "caution",
        "scaling",
        "a domain or a collection runs on something else",
        "Another kind of node or volume has other memory, processors and limits. The change makes a second set of "
        "nodes and moves over, which takes long and loads the domain.",
        before=_domain("{ClusterConfig: {InstanceType: r7g.large.search}}"),
        after=_domain("{ClusterConfig: {InstanceType: m7g.large.search}}"),
        source=_CHANGES,
    ),
    review_code(
        "REV389",
        "danger",
        "retention",
        "documents of a collection are kept for a shorter time",
        "A data lifecycle policy holds for the documents that are there as well: what is older than the new time is "
        "deleted.",
        before="""
            Kept:
              Type: AWS::OpenSearchServerless::LifecyclePolicy
              Properties:
                Name: kept
                Type: retention
                Policy: '{"Rules": [{"ResourceType": "index", "Resource": ["index/logs/*"], "MinIndexRetention": "90d"}]}'
        """,
        after="""
            Kept:
              Type: AWS::OpenSearchServerless::LifecyclePolicy
              Properties:
                Name: kept
                Type: retention
                Policy: '{"Rules": [{"ResourceType": "index", "Resource": ["index/logs/*"], "MinIndexRetention": "14d"}]}'
        """,
        source=f"{_GUIDE}/serverless-lifecycle.html",
    ),
    review_code(
        "REV390",
        "caution",
        "schema",
        "documents of an index are stored otherwise",
        "Documents that are there keep what they were stored as. A field with another type or analyzer answers "
        "searches differently for old and new ones, or the change is refused.",
        before="""
            Index:
              Type: AWS::OpenSearchServerless::Index
              Properties: {IndexName: logs, CollectionEndpoint: "https://a", Mappings: {Properties: {at: {Type: text}}}}
        """,
        after="""
            Index:
              Type: AWS::OpenSearchServerless::Index
              Properties: {IndexName: logs, CollectionEndpoint: "https://a", Mappings: {Properties: {at: {Type: keyword}}}}
        """,
        source=f"{_GUIDE}/serverless-vector-search.html",
    ),
)
