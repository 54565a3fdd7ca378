"""What changes of templates mean for permissions of roles, users and groups, and who can act as them."""

from __future__ import annotations

from streaming_constructs.spec.codes.code import review_code

_ELEMENTS = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html"
_BEST = "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html"
_MANAGED = "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html"
_BOUNDARY = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html"
_TRUST = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-trust-policy.html"
_DEPUTY = "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html"

CODES = (
    review_code(
        "REV601",
        "danger",
        "iam-widened",
        "a role can newly do everything",
        "Every action on every resource is allowed, IAM itself among them: whoever gets hold of the role, by a fault "
        "in the code or a leaked credential, has the account.",
        before="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - Effect: Allow
                      Action: kinesis:GetRecords
                      Resource: arn:aws:kinesis:eu-west-1:111122223333:stream/clicks
        """,
        after="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument: {Statement: [{Effect: Allow, Action: '*', Resource: '*'}]}
        """,
        source=_BEST,
    ),
    review_code(
        "REV602",
        "danger",
        "iam-widened",
        "a role can newly call every action of a service",
        "Reading comes with deleting, with policies and with whatever AWS adds to the service later. A consumer that "
        "is taken over can then delete the stream that it reads.",
        before="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - Effect: Allow
                      Action: kinesis:GetRecords
                      Resource: arn:aws:kinesis:eu-west-1:111122223333:stream/clicks
        """,
        after="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - Effect: Allow
                      Action: kinesis:*
                      Resource: arn:aws:kinesis:eu-west-1:111122223333:stream/clicks
        """,
        source=_BEST,
        mend="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - Effect: Allow
                      Action: kinesis:GetRecords
                      Resource: arn:aws:kinesis:eu-west-1:111122223333:stream/clicks
                    - Effect: Allow
                      Action: kinesis:DescribeStreamSummary
                      Resource: arn:aws:kinesis:eu-west-1:111122223333:stream/clicks
        """,
    ),
    review_code(
        "REV603",
        "danger",
        "iam-widened",
        "a role can newly call an action on every resource",
        "What was meant for one stream or bucket holds for all of the account, and for those of other accounts that "
        "let this one in: those of other teams, and those that do not exist yet.",
        before="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - Effect: Allow
                      Action: kinesis:GetRecords
                      Resource: arn:aws:kinesis:eu-west-1:111122223333:stream/clicks
        """,
        after="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument: {Statement: [{Effect: Allow, Action: 'kinesis:GetRecords', Resource: '*'}]}
        """,
        source=_BEST,
    ),
    review_code(
        "REV604",
        "danger",
        "iam-widened",
        "a role can newly do all but what is named",
        "`NotAction` and `NotResource` with `Allow` permit whatever is not in the list: what was forgotten, and what "
        "AWS adds later.",
        before="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - Effect: Allow
                      Action: kinesis:GetRecords
                      Resource: arn:aws:kinesis:eu-west-1:111122223333:stream/clicks
        """,
        after="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument: {Statement: [{Effect: Allow, NotAction: 'iam:*', Resource: '*'}]}
        """,
        source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html",
    ),
    review_code(
        "REV605",
        "danger",
        "iam-widened",
        "a role can newly give itself, or others, more permissions",
        "Whoever may write policies, or hand any role to a service, has the permissions of the strongest role of the "
        "account, whatever the rest of its own policy says.",
        before="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - Effect: Allow
                      Action: kinesis:GetRecords
                      Resource: arn:aws:kinesis:eu-west-1:111122223333:stream/clicks
        """,
        after="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - Effect: Allow
                      Action: kinesis:GetRecords
                      Resource: arn:aws:kinesis:eu-west-1:111122223333:stream/clicks
                    - {Effect: Allow, Action: 'iam:PassRole', Resource: '*'}
        """,
        source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html",
    ),
    review_code(
        "REV606",
        "danger",
        "iam-widened",
        "a role newly has a policy of AWS with full access to a service",
        "Full access is every action on every resource of the service, deletion among them, and AWS adds to it when "
        "the service grows.",
        before="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
        """,
        after="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
                ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonKinesisFullAccess']
        """,
        source=_MANAGED,
    ),
    review_code(
        "REV607",
        "caution",
        "iam-widened",
        "a role can newly call a named action on a named resource",
        "Somebody who looks at the change should know who can newly do what to what. Nothing else is opened by it.",
        before="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - Effect: Allow
                      Action: kinesis:GetRecords
                      Resource: arn:aws:kinesis:eu-west-1:111122223333:stream/clicks
        """,
        after="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - Effect: Allow
                      Action: kinesis:GetRecords
                      Resource: arn:aws:kinesis:eu-west-1:111122223333:stream/clicks
                    - Effect: Allow
                      Action: kinesis:PutRecord
                      Resource: arn:aws:kinesis:eu-west-1:111122223333:stream/clicks
        """,
        source=_ELEMENTS,
    ),
    review_code(
        "REV608",
        "caution",
        "iam-widened",
        "a role newly has a managed policy",
        "What it allows stands elsewhere, and changes there without this template. Most policies of AWS are on every "
        "resource.",
        before="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
        """,
        after="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
                ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaKinesisExecutionRole']
        """,
        source=_MANAGED,
    ),
    review_code(
        "REV609",
        "caution",
        "iam-widened",
        "a role can call an action under fewer conditions",
        "A condition bounded when, from where or by way of what the action is allowed. What it kept out is let in now.",
        before="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - Effect: Allow
                      Action: kinesis:PutRecord
                      Resource: arn:aws:kinesis:eu-west-1:111122223333:stream/clicks
                      Condition: {StringEquals: {'aws:SourceVpce': vpce-1}}
        """,
        after="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - Effect: Allow
                      Action: kinesis:PutRecord
                      Resource: arn:aws:kinesis:eu-west-1:111122223333:stream/clicks
        """,
        source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html",
    ),
    review_code(
        "REV610",
        "caution",
        "iam-widened",
        "a role is no longer denied something",
        "A Deny holds against every other policy of the role. Without it, whatever any of them allows, or will allow, "
        "is allowed.",
        before="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - Effect: Allow
                      Action: kinesis:GetRecords
                      Resource: arn:aws:kinesis:eu-west-1:111122223333:stream/clicks
                    - {Effect: Deny, Action: 'kinesis:DeleteStream', Resource: '*'}
        """,
        after="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - Effect: Allow
                      Action: kinesis:GetRecords
                      Resource: arn:aws:kinesis:eu-west-1:111122223333:stream/clicks
        """,
        source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html",
    ),
    review_code(
        "REV611",
        "fine",
        "iam-widened",
        "a new role, or on a new resource: what it can do has bounds",
        "Nothing that is there is opened by it: the role, or what it is allowed to use, is created by the same change.",
        before="""
            Other: {Type: 'AWS::SNS::Topic'}
        """,
        after="""
            Other: {Type: 'AWS::SNS::Topic'}
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - Effect: Allow
                      Action: kinesis:GetRecords
                      Resource: arn:aws:kinesis:eu-west-1:111122223333:stream/clicks
        """,
        source=_ELEMENTS,
    ),
    review_code(
        "REV612",
        "fine",
        "iam-widened",
        "a role can do less",
        "Permissions were taken away, or bounded further. Whatever still needs them from outside of the template is "
        "refused.",
        before="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - Effect: Allow
                      Action: kinesis:GetRecords
                      Resource: arn:aws:kinesis:eu-west-1:111122223333:stream/clicks
                    - Effect: Allow
                      Action: kinesis:PutRecord
                      Resource: arn:aws:kinesis:eu-west-1:111122223333:stream/clicks
        """,
        after="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - Effect: Allow
                      Action: kinesis:GetRecords
                      Resource: arn:aws:kinesis:eu-west-1:111122223333:stream/clicks
        """,
        source=_BEST,
    ),
    review_code(
        "REV613",
        "danger",
        "delivery",
        "a reader or delivery loses a permission that it needs",
        "Its next call is refused, and it stops where it is. Records wait in the source until they expire, or until its "
        "retries end, and are lost then: nothing arrives meanwhile.",
        before="""
            Clicks: {Type: 'AWS::Kinesis::Stream', Properties: {ShardCount: 1}}
            Function:
              Type: AWS::Lambda::Function
              Properties: {Role: !GetAtt Role.Arn, Code: {ZipFile: x}}
            Mapping:
              Type: AWS::Lambda::EventSourceMapping
              Properties:
                EventSourceArn: !GetAtt Clicks.Arn
                FunctionName: !Ref Function
                StartingPosition: LATEST
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - Effect: Allow
                      Action:
                        - kinesis:GetRecords
                        - kinesis:GetShardIterator
                        - kinesis:ListShards
                        - kinesis:DescribeStream
                        - kinesis:DescribeStreamSummary
                      Resource: !GetAtt Clicks.Arn
        """,
        after="""
            Clicks: {Type: 'AWS::Kinesis::Stream', Properties: {ShardCount: 1}}
            Function:
              Type: AWS::Lambda::Function
              Properties: {Role: !GetAtt Role.Arn, Code: {ZipFile: x}}
            Mapping:
              Type: AWS::Lambda::EventSourceMapping
              Properties:
                EventSourceArn: !GetAtt Clicks.Arn
                FunctionName: !Ref Function
                StartingPosition: LATEST
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - Effect: Allow
                      Action:
                        - kinesis:GetShardIterator
                        - kinesis:ListShards
                        - kinesis:DescribeStream
                        - kinesis:DescribeStreamSummary
                      Resource: !GetAtt Clicks.Arn
        """,
        source="https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html",
    ),
    review_code(
        "REV614",
        "danger",
        "iam-widened",
        "another account, or everybody, can newly act as a role",
        "Whoever acts as a role has all its permissions. That of another account lets in all that its administrators "
        "let in there; of everybody, anybody with an account of AWS.",
        before="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
        """,
        after="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
                    - Effect: Allow
                      Principal: {AWS: 'arn:aws:iam::999988887777:root'}
                      Action: sts:AssumeRole
        """,
        source=_TRUST,
    ),
    review_code(
        "REV615",
        "caution",
        "iam-widened",
        "another service, or identity of this account, can newly act as a role",
        "It has all the permissions of the role, also those that only the first one needs.",
        before="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
        """,
        after="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
                    - {Effect: Allow, Principal: {Service: firehose.amazonaws.com}, Action: 'sts:AssumeRole'}
        """,
        source=_TRUST,
    ),
    review_code(
        "REV616",
        "danger",
        "iam-widened",
        "another account or a provider of identities can act as a role under fewer conditions",
        "The condition said which of the many identities there may act as the role: an external id, a repository, an "
        "organization. Without it all of them may.",
        before="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - Effect: Allow
                      Principal: {AWS: 'arn:aws:iam::999988887777:root'}
                      Action: sts:AssumeRole
                      Condition: {StringEquals: {'sts:ExternalId': shop}}
        """,
        after="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - Effect: Allow
                      Principal: {AWS: 'arn:aws:iam::999988887777:root'}
                      Action: sts:AssumeRole
        """,
        source=_DEPUTY,
    ),
    review_code(
        "REV617",
        "caution",
        "iam-widened",
        "a service can act as a role under fewer conditions",
        "The condition said for which resource or account the service may act. A role can only be handed to a service "
        "within its account, but there by more than before.",
        before="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - Effect: Allow
                      Principal: {Service: logs.amazonaws.com}
                      Action: sts:AssumeRole
                      Condition: {StringEquals: {'aws:SourceAccount': '111122223333'}}
        """,
        after="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: logs.amazonaws.com}, Action: 'sts:AssumeRole'}
        """,
        source=_DEPUTY,
    ),
    review_code(
        "REV618",
        "fine",
        "iam-widened",
        "somebody can no longer act as a role, or only under more conditions",
        "The role is open to fewer. Whoever still acts as it from outside of the template is refused.",
        before="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
                    - Effect: Allow
                      Principal: {AWS: 'arn:aws:iam::999988887777:root'}
                      Action: sts:AssumeRole
        """,
        after="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
        """,
        source=_TRUST,
    ),
    review_code(
        "REV619",
        "caution",
        "iam-widened",
        "a service can no longer act as a role",
        "Whatever of that service names the role is refused with its next call, and stops. CloudFormation does not "
        "look.",
        before="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
                    - {Effect: Allow, Principal: {Service: firehose.amazonaws.com}, Action: 'sts:AssumeRole'}
            Lake:
              Type: AWS::KinesisFirehose::DeliveryStream
              Properties:
                ExtendedS3DestinationConfiguration: {BucketARN: "arn:aws:s3:::lake", RoleARN: !GetAtt Role.Arn}
        """,
        after="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
            Lake:
              Type: AWS::KinesisFirehose::DeliveryStream
              Properties:
                ExtendedS3DestinationConfiguration: {BucketARN: "arn:aws:s3:::lake", RoleARN: !GetAtt Role.Arn}
        """,
        source=_TRUST,
    ),
    review_code(
        "REV620",
        "caution",
        "iam-widened",
        "a permissions boundary is gone, or another",
        "The boundary is what no policy of the role goes beyond. Without it all that its policies allow, now or "
        "later, holds.",
        before="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
                PermissionsBoundary: arn:aws:iam::111122223333:policy/bounds
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - Effect: Allow
                      Action: kinesis:GetRecords
                      Resource: arn:aws:kinesis:eu-west-1:111122223333:stream/clicks
        """,
        after="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - Effect: Allow
                      Action: kinesis:GetRecords
                      Resource: arn:aws:kinesis:eu-west-1:111122223333:stream/clicks
        """,
        source=_BOUNDARY,
    ),
    review_code(
        "REV621",
        "fine",
        "iam-widened",
        "a role is bounded further",
        "A permissions boundary was set, or its credentials hold for a shorter time: nothing more is allowed than "
        "before.",
        before="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - Effect: Allow
                      Action: kinesis:GetRecords
                      Resource: arn:aws:kinesis:eu-west-1:111122223333:stream/clicks
        """,
        after="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
                PermissionsBoundary: arn:aws:iam::111122223333:policy/bounds
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - Effect: Allow
                      Action: kinesis:GetRecords
                      Resource: arn:aws:kinesis:eu-west-1:111122223333:stream/clicks
        """,
        source=_BOUNDARY,
    ),
    review_code(
        "REV622",
        "caution",
        "iam-widened",
        "credentials of a role hold longer",
        "Credentials cannot be taken back before they expire: one that leaks is of use for as long.",
        before="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - Effect: Allow
                      Action: kinesis:GetRecords
                      Resource: arn:aws:kinesis:eu-west-1:111122223333:stream/clicks
        """,
        after="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
                MaxSessionDuration: 43200
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - Effect: Allow
                      Action: kinesis:GetRecords
                      Resource: arn:aws:kinesis:eu-west-1:111122223333:stream/clicks
        """,
        source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-settings.html",
    ),
    review_code(
        "REV623",
        "caution",
        "iam-widened",
        "who logs in as a user, or acts as a role of a host, is another",
        "Users and their keys do not expire; the members of a group, and the hosts of a profile, have all its "
        "permissions.",
        before="""
            User: {Type: 'AWS::IAM::User', Properties: {Groups: [readers]}}
        """,
        after="""
            User: {Type: 'AWS::IAM::User', Properties: {Groups: [readers, writers]}}
        """,
        source=_BEST,
    ),
    review_code(
        "REV624",
        "fine",
        "none",
        "a policy is written otherwise, and allows the same",
        "Names of policies and statements, and what says twice what another statement says, decide nothing. What a "
        "policy allows is told by the sum of all.",
        before="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - Effect: Allow
                      Action: kinesis:GetRecords
                      Resource: arn:aws:kinesis:eu-west-1:111122223333:stream/clicks
        """,
        after="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads-clicks
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - Effect: Allow
                      Action: kinesis:GetRecords
                      Resource: arn:aws:kinesis:eu-west-1:111122223333:stream/clicks
        """,
        source=_ELEMENTS,
    ),
    review_code(
        "REV625",
        "caution",
        "iam-widened",
        "the version of a policy with variables is another",
        "Only in `2012-10-17` is `${aws:username}` a variable. In the older version it is these very characters, so "
        "that the statement fits nobody, or a Deny keeps nobody out.",
        before="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Version: '2012-10-17'
                  Statement:
                    - {Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::lake/${aws:username}/*'}
        """,
        after="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Version: '2008-10-17'
                  Statement:
                    - {Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::lake/${aws:username}/*'}
        """,
        source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html",
    ),
)
