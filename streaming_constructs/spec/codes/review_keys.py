"""What changes of templates mean for keys of KMS and their aliases."""

from __future__ import annotations

from streaming_constructs.spec.codes.code import review_code

_KEY = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html"
_ALIAS = "https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html"

CODES = (
    review_code(
        "REV630",
        "danger",
        "encryption",
        "a key is disabled",
        "Nothing that it encrypted can be read while it is disabled: records of streams, objects, messages and "
        "secrets. Writers are refused as well, and what cannot be read expires.",
        before="""
            Key: {Type: 'AWS::KMS::Key', Properties: {Enabled: true}}
        """,
        after="""
            Key: {Type: 'AWS::KMS::Key', Properties: {Enabled: false}}
        """,
        source="https://docs.aws.amazon.com/kms/latest/developerguide/enabling-keys.html",
    ),
    review_code(
        "REV631",
        "caution",
        "encryption",
        "a key is rotated less often, or not at all",
        "More and more is encrypted by the same material. Rotation costs no downtime: what was encrypted before stays "
        "readable.",
        before="""
            Key: {Type: 'AWS::KMS::Key', Properties: {EnableKeyRotation: true}}
        """,
        after="""
            Key: {Type: 'AWS::KMS::Key', Properties: {EnableKeyRotation: false}}
        """,
        source="https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html",
    ),
    review_code(
        "REV632",
        "fine",
        "encryption",
        "a key is rotated more often, waits longer for its deletion, or is usable again",
        "Nothing that it encrypted is touched: AWS keeps all earlier material of a key, and reads by whichever it was.",
        before="""
            Key: {Type: 'AWS::KMS::Key', Properties: {EnableKeyRotation: false}}
        """,
        after="""
            Key: {Type: 'AWS::KMS::Key', Properties: {EnableKeyRotation: true}}
        """,
        source="https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html",
    ),
    review_code(
        "REV633",
        "caution",
        "encryption",
        "a deletion of a key can be taken back for a shorter time",
        "Once the window is over, nobody can read what the key encrypted, AWS included. Somebody has to notice within "
        "it.",
        before="""
            Key: {Type: 'AWS::KMS::Key', Properties: {PendingWindowInDays: 30}}
        """,
        after="""
            Key: {Type: 'AWS::KMS::Key', Properties: {PendingWindowInDays: 7}}
        """,
        source="https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html",
    ),
    review_code(
        "REV634",
        "danger",
        "encryption",
        "what AWS refuses to change of a key",
        "Spec, usage, origin and whether it is of several regions are fixed when a key is created. The update fails, "
        "whatever `UpdateReplacePolicy` says, so that nobody deletes a key by accident.",
        before="""
            Key: {Type: 'AWS::KMS::Key', Properties: {MultiRegion: false}}
        """,
        after="""
            Key: {Type: 'AWS::KMS::Key', Properties: {MultiRegion: true}}
        """,
        source=_KEY,
    ),
    review_code(
        "REV635",
        "caution",
        "encryption",
        "an alias stands for another key",
        "What is written from now on is encrypted by the new key; what was written before needs the old one as long "
        "as it is kept.",
        before="""
            Alias: {Type: 'AWS::KMS::Alias', Properties: {AliasName: alias/clicks, TargetKeyId: key-1}}
        """,
        after="""
            Alias: {Type: 'AWS::KMS::Alias', Properties: {AliasName: alias/clicks, TargetKeyId: key-2}}
        """,
        source=_ALIAS,
    ),
    review_code(
        "REV636",
        "caution",
        "encryption",
        "a policy of a key that locks everybody out is taken",
        "AWS asks whether whoever deploys a policy of a key can change it afterwards. Without that question a key can "
        "become one that nobody manages.",
        before="""
            Key: {Type: 'AWS::KMS::Key', Properties: {BypassPolicyLockoutSafetyCheck: false}}
        """,
        after="""
            Key: {Type: 'AWS::KMS::Key', Properties: {BypassPolicyLockoutSafetyCheck: true}}
        """,
        source=_KEY,
    ),
    review_code(
        "REV637",
        "caution",
        "encryption",
        "an alias of a key is gone, or another",
        "Nothing that is encrypted is touched, as it names the key itself. But calls that name the key by its alias "
        "fail.",
        before="""
            Alias: {Type: 'AWS::KMS::Alias', Properties: {AliasName: alias/clicks, TargetKeyId: key-1}}
            Other: {Type: 'AWS::SNS::Topic'}
        """,
        after="""
            Other: {Type: 'AWS::SNS::Topic'}
        """,
        source=_ALIAS,
    ),
)
