"""What changes of a template mean for buckets of Amazon S3."""

from __future__ import annotations

from streaming_constructs.spec.codes.code import Code, review_code

_GUIDE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide"
_EXPIRY = f"{_GUIDE}/lifecycle-expire-general-considerations.html"
_VERSIONING = f"{_GUIDE}/VersionSuspendedBehavior.html"
_ENCRYPTION = f"{_GUIDE}/bucket-encryption.html"
_PUBLIC = f"{_GUIDE}/access-control-block-public-access.html"
_OWNERSHIP = f"{_GUIDE}/about-object-ownership.html"
_BUCKET = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html"


def _bucket(properties: str = "{}") -> str:
    return f"Lake:\n  Type: AWS::S3::Bucket\n  Properties: {properties}\n"


def _rule(rule: str) -> str:
    return _bucket(f"{{LifecycleConfiguration: {{Rules: [{{Status: Enabled, {rule}}}]}}}}")


def _encrypted(default: str) -> str:
    return _bucket(
        f"{{BucketEncryption: {{ServerSideEncryptionConfiguration: [{{ServerSideEncryptionByDefault: {{{default}}}}}]}}}}"
    )


def _key(name: str) -> str:
    return _encrypted(f"SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'arn:aws:kms:eu-west-1:111122223333:key/{name}'")


_OWN_KEY = "SSEAlgorithm: AES256"
_BLOCKED = (
    "{PublicAccessBlockConfiguration: "
    "{BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true}}"
)
_TELLS = (
    "{NotificationConfiguration: {QueueConfigurations: "
    "[{Event: 's3:ObjectCreated:*', Queue: 'arn:aws:sqs:eu-west-1:1:new'}]}}"
)
_COPIED = (
    "{VersioningConfiguration: {Status: Enabled}, ReplicationConfiguration: {Role: "
    "'arn:aws:iam::111122223333:role/copy', Rules: [{Status: Enabled, Prefix: '', Destination: {Bucket: "
    "'arn:aws:s3:::copies'}}]}}"
)
_LOCKED = (
    "{ObjectLockEnabled: true, ObjectLockConfiguration: {ObjectLockEnabled: Enabled, "
    "Rule: {DefaultRetention: {Mode: COMPLIANCE, Days: %s}}}}"
)

CODES: tuple[Code, ...] = (
    review_code(
        "REV350",
        "danger",
        "retention",
        "objects are deleted sooner than before",
        "A lifecycle rule holds for the objects that are there as well: those that are older than the new number of "
        "days are deleted within a day or two, all at once.",
        before=_rule("ExpirationInDays: 365"),
        after=_rule("ExpirationInDays: 30"),
        source=_EXPIRY,
    ),
    review_code(
        "REV351",
        "danger",
        "retention",
        "objects are deleted that were kept",
        "Until now no rule deleted them. The new one holds for the objects that are there as well, so that those that "
        "are old enough are deleted within a day or two.",
        before=_bucket(),
        after=_rule("ExpirationInDays: 30"),
        mend=_rule("AbortIncompleteMultipartUpload: {DaysAfterInitiation: 7}"),
        source=_EXPIRY,
    ),
    review_code(
        "REV352",
        "fine",
        "retention",
        "objects are kept as long as before, or longer",
        "Nothing is deleted that was kept until now. What is kept longer costs storage for longer.",
        before=_rule("ExpirationInDays: 30"),
        after=_rule("ExpirationInDays: 365"),
        source=_EXPIRY,
    ),
    review_code(
        "REV353",
        "caution",
        "cost",
        "objects are moved to another storage class",
        "Nothing is deleted. But it costs a fee for each object, reading it costs more, and from the Glacier classes "
        "an object has to be restored first: Athena leaves it out until then.",
        before=_bucket(),
        after=_rule("Transitions: [{StorageClass: GLACIER, TransitionInDays: 30}]"),
        source=f"{_GUIDE}/lifecycle-transition-general-considerations.html",
    ),
    review_code(
        "REV354",
        "caution",
        "data-loss",
        "what is overwritten or deleted cannot be had again",
        "Earlier versions that are there stay. But with versioning suspended an object that is written again replaces "
        "the one without a version, and a deletion is for good.",
        before=_bucket("{VersioningConfiguration: {Status: Enabled}}"),
        after=_bucket("{VersioningConfiguration: {Status: Suspended}}"),
        source=_VERSIONING,
    ),
    review_code(
        "REV355",
        "fine",
        "data-loss",
        "earlier versions of objects are kept",
        "What is overwritten or deleted can be had again. Each version costs storage until a lifecycle rule deletes "
        "it.",
        before=_bucket(),
        after=_bucket("{VersioningConfiguration: {Status: Enabled}}"),
        source=f"{_GUIDE}/Versioning.html",
    ),
    review_code(
        "REV356",
        "caution",
        "encryption",
        "new objects are encrypted with S3's own key in place of one of KMS",
        "They are encrypted still. But whoever may read an object of the bucket may read it: no policy of a key has "
        "to permit it as well, and no use of a key is logged.",
        before=_key("a"),
        after=_encrypted(_OWN_KEY),
        source=_ENCRYPTION,
    ),
    review_code(
        "REV357",
        "caution",
        "encryption",
        "new objects are encrypted with another key",
        "Objects that are there stay under the earlier key, which has to be kept as long as they. Writers and readers "
        "need permissions on the new one.",
        before=_key("a"),
        after=_key("b"),
        source=_ENCRYPTION,
    ),
    review_code(
        "REV358",
        "fine",
        "encryption",
        "new objects are encrypted with a key of KMS",
        "The policy of the key says who may read them, beside that of the bucket; objects that are there stay as they "
        "are. Writers and readers need permissions on the key.",
        before=_bucket(),
        after=_key("a"),
        source=_ENCRYPTION,
    ),
    review_code(
        "REV359",
        "danger",
        "public-access",
        "public access to a bucket is blocked no more",
        "The block holds whatever a policy or an access control list says. Without it, one statement or one header of "
        "a request is enough to let everybody read, and nothing else stands in its way.",
        before=_bucket(_BLOCKED),
        after=_bucket(),
        source=_PUBLIC,
    ),
    review_code(
        "REV360",
        "fine",
        "public-access",
        "access to a bucket is narrower",
        "Fewer may reach its objects than before: public access is blocked, or access control lists give nobody "
        "anything.",
        before=_bucket(),
        after=_bucket(_BLOCKED),
        source=_PUBLIC,
    ),
    review_code(
        "REV361",
        "danger",
        "public-access",
        "the access control list of a bucket lets everybody in",
        "`PublicRead`, `PublicReadWrite` and `AuthenticatedRead` let anybody in the world, or anybody with an account "
        "of AWS, list the bucket, and with the second write to it.",
        before=_bucket(),
        after=_bucket("{AccessControl: PublicRead}"),
        source=f"{_GUIDE}/acl-overview.html",
    ),
    review_code(
        "REV362",
        "caution",
        "public-access",
        "access control lists of a bucket or its objects count",
        "Whoever writes an object can then give others access to it, or keep the owner of the bucket out, beside all "
        "policies.",
        before=_bucket("{OwnershipControls: {Rules: [{ObjectOwnership: BucketOwnerEnforced}]}}"),
        after=_bucket("{OwnershipControls: {Rules: [{ObjectOwnership: ObjectWriter}]}}"),
        source=_OWNERSHIP,
    ),
    review_code(
        "REV363",
        "caution",
        "retention",
        "new objects are locked for a shorter time, or less strictly",
        "Objects that are locked stay so. Those that are written from now on can be deleted sooner, or by whoever may "
        "bypass the lock.",
        before=_bucket(_LOCKED % 365),
        after=_bucket(_LOCKED % 30),
        source=f"{_GUIDE}/object-lock.html",
    ),
    review_code(
        "REV364",
        "fine",
        "retention",
        "new objects are locked for a longer time, or more strictly",
        "Nobody can delete what is written from now on before that time, not even by mistake; it costs storage for as "
        "long.",
        before=_bucket(_LOCKED % 30),
        after=_bucket(_LOCKED % 365),
        source=f"{_GUIDE}/object-lock.html",
    ),
    review_code(
        "REV365",
        "caution",
        "delivery",
        "somebody is told of new objects no more",
        "What is done with each new object is done no more, and no error says so. Objects that come meanwhile are not "
        "told later.",
        before=_bucket(_TELLS),
        after=_bucket(),
        source=f"{_GUIDE}/EventNotifications.html",
    ),
    review_code(
        "REV366",
        "fine",
        "delivery",
        "somebody is told of new objects",
        "What listens begins with the objects that come from now on; those that are there are not told of.",
        before=_bucket(),
        after=_bucket(_TELLS),
        source=f"{_GUIDE}/EventNotifications.html",
    ),
    review_code(
        "REV367",
        "caution",
        "data-loss",
        "new objects are not copied any more, or otherwise",
        "Copies that are there stay. What is written from now on is in one place alone, or in another than before, "
        "and whoever reads the copies misses it.",
        before=_bucket(_COPIED),
        after=_bucket("{VersioningConfiguration: {Status: Enabled}}"),
        source=f"{_GUIDE}/replication.html",
    ),
    review_code(
        "REV368",
        "fine",
        "data-loss",
        "new objects are copied",
        "What is written from now on is kept in a second place; objects that are there are not copied by it.",
        before=_bucket("{VersioningConfiguration: {Status: Enabled}}"),
        after=_bucket(_COPIED),
        source=f"{_GUIDE}/replication.html",
    ),
    review_code(
        "REV369",
        "caution",
        "none",
        "who reaches a bucket is logged no more",
        "When something is read or deleted that should not be, nobody can say by whom. What was logged stays.",
        before=_bucket("{LoggingConfiguration: {DestinationBucketName: logs}}"),
        after=_bucket(),
        source=f"{_GUIDE}/ServerLogs.html",
    ),
    review_code(
        "REV370",
        "fine",
        "none",
        "what is told about a bucket and its objects is another",
        "Logs, reports and metrics say how a bucket is used. Its objects and who may reach them are as they were.",
        before=_bucket(),
        after=_bucket("{LoggingConfiguration: {DestinationBucketName: logs}}"),
        source=_BUCKET,
    ),
    review_code(
        "REV371",
        "caution",
        "public-access",
        "pages of other sites may reach a bucket, or it serves one",
        "Permissions stay as they are. But scripts of those sites can use whatever the person before the browser may "
        "do, and a website is meant for everybody.",
        before=_bucket(),
        after=_bucket("{CorsConfiguration: {CorsRules: [{AllowedMethods: [GET], AllowedOrigins: ['*']}]}}"),
        source=f"{_GUIDE}/cors.html",
    ),
    review_code(
        "REV372",
        "caution",
        "none",
        "a bucket works otherwise",
        "An endpoint, a table that describes it, or the way in which access is decided or objects are archived is "
        "another: whoever relies on it has to follow.",
        before=_bucket("{AccelerateConfiguration: {AccelerationStatus: Enabled}}"),
        after=_bucket(),
        source=_BUCKET,
    ),
)
