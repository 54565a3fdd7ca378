"""What changes of templates mean for IAM policies, keys, networks and what is public."""

from __future__ import annotations

from streaming_constructs.spec.codes.code import review_code

_ELEMENTS = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html"
_BEST = "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html"
_MANAGED = "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html"
_BOUNDARY = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html"
_TRUST = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-trust-policy.html"
_DEPUTY = "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html"
_PUBLIC = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html"
_KEY = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html"
_ALIAS = "https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html"
_URL = "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"
_ROTATION = "https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets.html"
_GROUP = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroup.html"
_ENDPOINT = "https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html"

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
                AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, Action: "kinesis:GetRecords", Resource: "arn:aws:kinesis:eu-west-1:111122223333:stream/clicks"}
        """,
        after="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, Action: "*", Resource: "*"}
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
                AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, Action: "kinesis:GetRecords", Resource: "arn:aws:kinesis:eu-west-1:111122223333:stream/clicks"}
        """,
        after="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, Action: "kinesis:*", Resource: "arn:aws:kinesis:eu-west-1:111122223333:stream/clicks"}
        """,
        source=_BEST,
        mend="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, Action: "kinesis:GetRecords", Resource: "arn:aws:kinesis:eu-west-1:111122223333:stream/clicks"}
                    - {Effect: Allow, Action: "kinesis:DescribeStreamSummary", Resource: "arn:aws:kinesis:eu-west-1:111122223333:stream/clicks"}
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
                AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, Action: "kinesis:GetRecords", Resource: "arn:aws:kinesis:eu-west-1:111122223333:stream/clicks"}
        """,
        after="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, Action: "kinesis:GetRecords", Resource: "*"}
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
                AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, Action: "kinesis:GetRecords", Resource: "arn:aws:kinesis:eu-west-1:111122223333:stream/clicks"}
        """,
        after="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, NotAction: "iam:*", Resource: "*"}
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
                AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, Action: "kinesis:GetRecords", Resource: "arn:aws:kinesis:eu-west-1:111122223333:stream/clicks"}
        """,
        after="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, Action: "kinesis:GetRecords", Resource: "arn:aws:kinesis:eu-west-1:111122223333:stream/clicks"}
                    - {Effect: Allow, Action: "iam:PassRole", Resource: "*"}
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
                AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]}
        """,
        after="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]}
                ManagedPolicyArns: ["arn:aws:iam::aws:policy/AmazonKinesisFullAccess"]
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
                AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, Action: "kinesis:GetRecords", Resource: "arn:aws:kinesis:eu-west-1:111122223333:stream/clicks"}
        """,
        after="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, Action: "kinesis:GetRecords", Resource: "arn:aws:kinesis:eu-west-1:111122223333:stream/clicks"}
                    - {Effect: Allow, Action: "kinesis:PutRecord", Resource: "arn:aws:kinesis:eu-west-1:111122223333:stream/clicks"}
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
                AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]}
        """,
        after="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]}
                ManagedPolicyArns: ["arn:aws:iam::aws:policy/service-role/AWSLambdaKinesisExecutionRole"]
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
                AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, Action: "kinesis:PutRecord", Resource: "arn:aws:kinesis:eu-west-1:111122223333:stream/clicks", Condition: {StringEquals: {"aws:SourceVpce": vpce-1}}}
        """,
        after="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, Action: "kinesis:PutRecord", Resource: "arn:aws:kinesis:eu-west-1:111122223333:stream/clicks"}
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
                AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, Action: "kinesis:GetRecords", Resource: "arn:aws:kinesis:eu-west-1:111122223333:stream/clicks"}
                    - {Effect: Deny, Action: "kinesis:DeleteStream", Resource: "*"}
        """,
        after="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, Action: "kinesis:GetRecords", Resource: "arn:aws:kinesis:eu-west-1:111122223333:stream/clicks"}
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
            Other: {Type: AWS::SNS::Topic}
        """,
        after="""
            Other: {Type: AWS::SNS::Topic}
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, Action: "kinesis:GetRecords", Resource: "arn:aws:kinesis:eu-west-1:111122223333:stream/clicks"}
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
                AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, Action: "kinesis:GetRecords", Resource: "arn:aws:kinesis:eu-west-1:111122223333:stream/clicks"}
                    - {Effect: Allow, Action: "kinesis:PutRecord", Resource: "arn:aws:kinesis:eu-west-1:111122223333:stream/clicks"}
        """,
        after="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, Action: "kinesis:GetRecords", Resource: "arn:aws:kinesis:eu-west-1:111122223333:stream/clicks"}
        """,
        source=_BEST,
    ),
    review_code(
        "REV613",
        "caution",
        "iam-widened",
        "a reader or delivery loses a permission that it needs",
        "Its next call is refused, and it stops where it is. Records wait in the source until they expire, so nothing "
        "is lost at once, but nothing arrives.",
        before="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 1}}
            Function: {Type: AWS::Lambda::Function, Properties: {Role: !GetAtt Role.Arn, Code: {ZipFile: x}}}
            Mapping:
              Type: AWS::Lambda::EventSourceMapping
              Properties: {EventSourceArn: !GetAtt Clicks.Arn, FunctionName: !Ref Function, StartingPosition: LATEST}
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, Action: ["kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards", "kinesis:DescribeStream", "kinesis:DescribeStreamSummary"], Resource: !GetAtt Clicks.Arn}
        """,
        after="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 1}}
            Function: {Type: AWS::Lambda::Function, Properties: {Role: !GetAtt Role.Arn, Code: {ZipFile: x}}}
            Mapping:
              Type: AWS::Lambda::EventSourceMapping
              Properties: {EventSourceArn: !GetAtt Clicks.Arn, FunctionName: !Ref Function, StartingPosition: LATEST}
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, Action: ["kinesis:GetShardIterator", "kinesis:ListShards", "kinesis:DescribeStream", "kinesis:DescribeStreamSummary"], Resource: !GetAtt Clicks.Arn}
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
                    - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}
        """,
        after="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}
                    - {Effect: Allow, Principal: {AWS: "arn:aws:iam::999988887777:root"}, Action: "sts:AssumeRole"}
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
                    - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}
        """,
        after="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}
                    - {Effect: Allow, Principal: {Service: firehose.amazonaws.com}, Action: "sts:AssumeRole"}
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
                    - {Effect: Allow, Principal: {AWS: "arn:aws:iam::999988887777:root"}, Action: "sts:AssumeRole", Condition: {StringEquals: {"sts:ExternalId": shop}}}
        """,
        after="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {AWS: "arn:aws:iam::999988887777:root"}, Action: "sts:AssumeRole"}
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
                    - {Effect: Allow, Principal: {Service: logs.amazonaws.com}, Action: "sts:AssumeRole", Condition: {StringEquals: {"aws:SourceAccount": "111122223333"}}}
        """,
        after="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: logs.amazonaws.com}, Action: "sts:AssumeRole"}
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
                    - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}
                    - {Effect: Allow, Principal: {AWS: "arn:aws:iam::999988887777:root"}, Action: "sts:AssumeRole"}
        """,
        after="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}
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
                    - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}
                    - {Effect: Allow, Principal: {Service: firehose.amazonaws.com}, Action: "sts:AssumeRole"}
        """,
        after="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}
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
                AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]}
                PermissionsBoundary: "arn:aws:iam::111122223333:policy/bounds"
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, Action: "kinesis:GetRecords", Resource: "arn:aws:kinesis:eu-west-1:111122223333:stream/clicks"}
        """,
        after="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, Action: "kinesis:GetRecords", Resource: "arn:aws:kinesis:eu-west-1:111122223333:stream/clicks"}
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
                AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, Action: "kinesis:GetRecords", Resource: "arn:aws:kinesis:eu-west-1:111122223333:stream/clicks"}
        """,
        after="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]}
                PermissionsBoundary: "arn:aws:iam::111122223333:policy/bounds"
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, Action: "kinesis:GetRecords", Resource: "arn:aws:kinesis:eu-west-1:111122223333:stream/clicks"}
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
                AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]}
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, Action: "kinesis:GetRecords", Resource: "arn:aws:kinesis:eu-west-1:111122223333:stream/clicks"}
        """,
        after="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]}
                MaxSessionDuration: 43200
            Reads:
              Type: AWS::IAM::Policy
              Properties:
                PolicyName: reads
                Roles: [!Ref Role]
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, Action: "kinesis:GetRecords", Resource: "arn:aws:kinesis:eu-west-1:111122223333:stream/clicks"}
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
            User: {Type: AWS::IAM::User, Properties: {Groups: [readers]}}
        """,
        after="""
            User: {Type: AWS::IAM::User, Properties: {Groups: [readers, writers]}}
        """,
        source=_BEST,
    ),
    review_code(
        "REV630",
        "danger",
        "encryption",
        "a key is disabled",
        "Nothing that it encrypted can be read while it is disabled: records of streams, objects, messages and "
        "secrets. Writers are refused as well, and what cannot be read expires.",
        before="""
            Key: {Type: AWS::KMS::Key, Properties: {Enabled: true}}
        """,
        after="""
            Key: {Type: AWS::KMS::Key, Properties: {Enabled: false}}
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
            Key: {Type: AWS::KMS::Key, Properties: {EnableKeyRotation: true}}
        """,
        after="""
            Key: {Type: AWS::KMS::Key, Properties: {EnableKeyRotation: false}}
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
            Key: {Type: AWS::KMS::Key, Properties: {EnableKeyRotation: false}}
        """,
        after="""
            Key: {Type: AWS::KMS::Key, Properties: {EnableKeyRotation: true}}
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
            Key: {Type: AWS::KMS::Key, Properties: {PendingWindowInDays: 30}}
        """,
        after="""
            Key: {Type: AWS::KMS::Key, Properties: {PendingWindowInDays: 7}}
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
            Key: {Type: AWS::KMS::Key, Properties: {MultiRegion: false}}
        """,
        after="""
            Key: {Type: AWS::KMS::Key, Properties: {MultiRegion: true}}
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
            Alias: {Type: AWS::KMS::Alias, Properties: {AliasName: alias/clicks, TargetKeyId: key-1}}
        """,
        after="""
            Alias: {Type: AWS::KMS::Alias, Properties: {AliasName: alias/clicks, TargetKeyId: key-2}}
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
            Key: {Type: AWS::KMS::Key, Properties: {BypassPolicyLockoutSafetyCheck: false}}
        """,
        after="""
            Key: {Type: AWS::KMS::Key, Properties: {BypassPolicyLockoutSafetyCheck: true}}
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
            Alias: {Type: AWS::KMS::Alias, Properties: {AliasName: alias/clicks, TargetKeyId: key-1}}
            Other: {Type: AWS::SNS::Topic}
        """,
        after="""
            Other: {Type: AWS::SNS::Topic}
        """,
        source=_ALIAS,
    ),
    review_code(
        "REV640",
        "danger",
        "public-access",
        "a resource is newly open to everybody",
        "A statement with the principal `*` and no condition that bounds who comes lets in anybody with an account of "
        "AWS, and of a bucket anybody at all.",
        before="""
            Queue: {Type: AWS::SQS::Queue}
            Policy:
              Type: AWS::SQS::QueuePolicy
              Properties:
                Queues: [!Ref Queue]
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: sns.amazonaws.com}, Action: "sqs:SendMessage", Resource: "*", Condition: {ArnEquals: {"aws:SourceArn": "arn:aws:sns:eu-west-1:111122223333:alarms"}}}
        """,
        after="""
            Queue: {Type: AWS::SQS::Queue}
            Policy:
              Type: AWS::SQS::QueuePolicy
              Properties:
                Queues: [!Ref Queue]
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: sns.amazonaws.com}, Action: "sqs:SendMessage", Resource: "*", Condition: {ArnEquals: {"aws:SourceArn": "arn:aws:sns:eu-west-1:111122223333:alarms"}}}
                    - {Effect: Allow, Principal: "*", Action: "sqs:SendMessage", Resource: "*"}
        """,
        source=_PUBLIC,
        mend="""
            Queue: {Type: AWS::SQS::Queue}
            Policy:
              Type: AWS::SQS::QueuePolicy
              Properties:
                Queues: [!Ref Queue]
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: sns.amazonaws.com}, Action: "sqs:SendMessage", Resource: "*", Condition: {ArnEquals: {"aws:SourceArn": "arn:aws:sns:eu-west-1:111122223333:alarms"}}}
        """,
    ),
    review_code(
        "REV641",
        "danger",
        "public-access",
        "a resource is newly open to another account",
        "What the administrators of that account let in there is let in here: this account no longer decides over who "
        "reads or writes.",
        before="""
            Queue: {Type: AWS::SQS::Queue}
            Policy:
              Type: AWS::SQS::QueuePolicy
              Properties:
                Queues: [!Ref Queue]
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: sns.amazonaws.com}, Action: "sqs:SendMessage", Resource: "*", Condition: {ArnEquals: {"aws:SourceArn": "arn:aws:sns:eu-west-1:111122223333:alarms"}}}
        """,
        after="""
            Queue: {Type: AWS::SQS::Queue}
            Policy:
              Type: AWS::SQS::QueuePolicy
              Properties:
                Queues: [!Ref Queue]
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: sns.amazonaws.com}, Action: "sqs:SendMessage", Resource: "*", Condition: {ArnEquals: {"aws:SourceArn": "arn:aws:sns:eu-west-1:111122223333:alarms"}}}
                    - {Effect: Allow, Principal: {AWS: "arn:aws:iam::999988887777:root"}, Action: "sqs:SendMessage", Resource: "*"}
        """,
        source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html",
    ),
    review_code(
        "REV642",
        "caution",
        "public-access",
        "a resource is newly open to another service, or identity of this account",
        "Somebody who looks at the change should know who can newly do what to it. A service without a condition on "
        "its source may come for any account.",
        before="""
            Queue: {Type: AWS::SQS::Queue}
            Policy:
              Type: AWS::SQS::QueuePolicy
              Properties:
                Queues: [!Ref Queue]
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: sns.amazonaws.com}, Action: "sqs:SendMessage", Resource: "*", Condition: {ArnEquals: {"aws:SourceArn": "arn:aws:sns:eu-west-1:111122223333:alarms"}}}
        """,
        after="""
            Queue: {Type: AWS::SQS::Queue}
            Policy:
              Type: AWS::SQS::QueuePolicy
              Properties:
                Queues: [!Ref Queue]
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: sns.amazonaws.com}, Action: "sqs:SendMessage", Resource: "*", Condition: {ArnEquals: {"aws:SourceArn": "arn:aws:sns:eu-west-1:111122223333:alarms"}}}
                    - {Effect: Allow, Principal: {Service: events.amazonaws.com}, Action: "sqs:SendMessage", Resource: "*", Condition: {StringEquals: {"aws:SourceAccount": !Ref "AWS::AccountId"}}}
        """,
        source=_DEPUTY,
    ),
    review_code(
        "REV643",
        "danger",
        "public-access",
        "a resource is open beyond this account under fewer conditions",
        "The condition was what kept out everybody else: without it a public statement is public, and a service comes "
        "for whoever uses it, in any account.",
        before="""
            Queue: {Type: AWS::SQS::Queue}
            Policy:
              Type: AWS::SQS::QueuePolicy
              Properties:
                Queues: [!Ref Queue]
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: sns.amazonaws.com}, Action: "sqs:SendMessage", Resource: "*", Condition: {ArnEquals: {"aws:SourceArn": "arn:aws:sns:eu-west-1:111122223333:alarms"}}}
        """,
        after="""
            Queue: {Type: AWS::SQS::Queue}
            Policy:
              Type: AWS::SQS::QueuePolicy
              Properties:
                Queues: [!Ref Queue]
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: sns.amazonaws.com}, Action: "sqs:SendMessage", Resource: "*"}
        """,
        source=_DEPUTY,
        mend="""
            Queue: {Type: AWS::SQS::Queue}
            Policy:
              Type: AWS::SQS::QueuePolicy
              Properties:
                Queues: [!Ref Queue]
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: sns.amazonaws.com}, Action: "sqs:SendMessage", Resource: "*", Condition: {ArnEquals: {"aws:SourceArn": "arn:aws:sns:eu-west-1:111122223333:alarms"}}}
        """,
    ),
    review_code(
        "REV644",
        "caution",
        "public-access",
        "a resource is open to identities of this account under fewer conditions",
        "What the condition kept out is let in, though nobody beyond this account.",
        before="""
            Queue: {Type: AWS::SQS::Queue}
            Policy:
              Type: AWS::SQS::QueuePolicy
              Properties:
                Queues: [!Ref Queue]
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {AWS: {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}}, Action: "sqs:SendMessage", Resource: "*", Condition: {StringEquals: {"aws:SourceVpce": vpce-1}}}
        """,
        after="""
            Queue: {Type: AWS::SQS::Queue}
            Policy:
              Type: AWS::SQS::QueuePolicy
              Properties:
                Queues: [!Ref Queue]
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {AWS: {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}}, Action: "sqs:SendMessage", Resource: "*"}
        """,
        source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html",
    ),
    review_code(
        "REV645",
        "danger",
        "encryption",
        "encryption in transit is no longer insisted on",
        "The statement refused requests without TLS. Without it a client that is set up wrongly sends records and "
        "credentials in plain text, and nobody notices.",
        before="""
            Lake: {Type: AWS::S3::Bucket}
            Policy:
              Type: AWS::S3::BucketPolicy
              Properties:
                Bucket: !Ref Lake
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {AWS: {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}}, Action: "s3:GetObject", Resource: {"Fn::Sub": "${Lake.Arn}/*"}}
                    - {Effect: Deny, Principal: "*", Action: "s3:*", Resource: {"Fn::Sub": "${Lake.Arn}/*"}, Condition: {Bool: {"aws:SecureTransport": "false"}}}
        """,
        after="""
            Lake: {Type: AWS::S3::Bucket}
            Policy:
              Type: AWS::S3::BucketPolicy
              Properties:
                Bucket: !Ref Lake
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {AWS: {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}}, Action: "s3:GetObject", Resource: {"Fn::Sub": "${Lake.Arn}/*"}}
        """,
        source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html",
    ),
    review_code(
        "REV646",
        "danger",
        "encryption",
        "encryption at rest is no longer insisted on",
        "The statement refused objects that are encrypted otherwise than it says. Without it a writer decides, and "
        "objects under a weaker key lie beside the others.",
        before="""
            Lake: {Type: AWS::S3::Bucket}
            Policy:
              Type: AWS::S3::BucketPolicy
              Properties:
                Bucket: !Ref Lake
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {AWS: {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}}, Action: "s3:GetObject", Resource: {"Fn::Sub": "${Lake.Arn}/*"}}
                    - {Effect: Deny, Principal: "*", Action: "s3:PutObject", Resource: {"Fn::Sub": "${Lake.Arn}/*"}, Condition: {StringNotEquals: {"s3:x-amz-server-side-encryption": "aws:kms"}}}
        """,
        after="""
            Lake: {Type: AWS::S3::Bucket}
            Policy:
              Type: AWS::S3::BucketPolicy
              Properties:
                Bucket: !Ref Lake
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {AWS: {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}}, Action: "s3:GetObject", Resource: {"Fn::Sub": "${Lake.Arn}/*"}}
        """,
        source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html",
    ),
    review_code(
        "REV647",
        "caution",
        "public-access",
        "a resource no longer denies something",
        "A Deny holds against every other policy. Without it, whatever any of them allows, or will allow, is allowed.",
        before="""
            Lake: {Type: AWS::S3::Bucket}
            Policy:
              Type: AWS::S3::BucketPolicy
              Properties:
                Bucket: !Ref Lake
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {AWS: {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}}, Action: "s3:GetObject", Resource: {"Fn::Sub": "${Lake.Arn}/*"}}
                    - {Effect: Deny, Principal: "*", Action: "s3:DeleteObject", Resource: {"Fn::Sub": "${Lake.Arn}/*"}}
        """,
        after="""
            Lake: {Type: AWS::S3::Bucket}
            Policy:
              Type: AWS::S3::BucketPolicy
              Properties:
                Bucket: !Ref Lake
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {AWS: {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}}, Action: "s3:GetObject", Resource: {"Fn::Sub": "${Lake.Arn}/*"}}
        """,
        source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html",
    ),
    review_code(
        "REV648",
        "fine",
        "public-access",
        "a resource is open to fewer",
        "A statement was taken out or bounded, or something is newly denied. Whoever still comes by it from outside "
        "of the template is refused.",
        before="""
            Queue: {Type: AWS::SQS::Queue}
            Policy:
              Type: AWS::SQS::QueuePolicy
              Properties:
                Queues: [!Ref Queue]
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: sns.amazonaws.com}, Action: "sqs:SendMessage", Resource: "*", Condition: {ArnEquals: {"aws:SourceArn": "arn:aws:sns:eu-west-1:111122223333:alarms"}}}
                    - {Effect: Allow, Principal: {AWS: "arn:aws:iam::999988887777:root"}, Action: "sqs:SendMessage", Resource: "*"}
        """,
        after="""
            Queue: {Type: AWS::SQS::Queue}
            Policy:
              Type: AWS::SQS::QueuePolicy
              Properties:
                Queues: [!Ref Queue]
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: sns.amazonaws.com}, Action: "sqs:SendMessage", Resource: "*", Condition: {ArnEquals: {"aws:SourceArn": "arn:aws:sns:eu-west-1:111122223333:alarms"}}}
        """,
        source=_ELEMENTS,
    ),
    review_code(
        "REV649",
        "caution",
        "public-access",
        "a service can no longer deliver to a resource",
        "What the service sends is refused from now on: a topic drops messages for a queue that does not take them, "
        "an invocation does not happen.",
        before="""
            Queue: {Type: AWS::SQS::Queue}
            Policy:
              Type: AWS::SQS::QueuePolicy
              Properties:
                Queues: [!Ref Queue]
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {AWS: {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}}, Action: "sqs:SendMessage", Resource: "*"}
                    - {Effect: Allow, Principal: {Service: sns.amazonaws.com}, Action: "sqs:SendMessage", Resource: "*", Condition: {ArnEquals: {"aws:SourceArn": "arn:aws:sns:eu-west-1:111122223333:alarms"}}}
        """,
        after="""
            Queue: {Type: AWS::SQS::Queue}
            Policy:
              Type: AWS::SQS::QueuePolicy
              Properties:
                Queues: [!Ref Queue]
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {AWS: {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}}, Action: "sqs:SendMessage", Resource: "*"}
        """,
        source="https://docs.aws.amazon.com/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html",
    ),
    review_code(
        "REV650",
        "fine",
        "public-access",
        "a new resource is open to somebody of this account, or to a service",
        "Nothing that is there is opened by it: what has the policy is created by the same change.",
        before="""
            Other: {Type: AWS::SNS::Topic}
        """,
        after="""
            Other: {Type: AWS::SNS::Topic}
            Queue: {Type: AWS::SQS::Queue}
            Policy:
              Type: AWS::SQS::QueuePolicy
              Properties:
                Queues: [!Ref Queue]
                PolicyDocument:
                  Statement:
                    - {Effect: Allow, Principal: {Service: sns.amazonaws.com}, Action: "sqs:SendMessage", Resource: "*", Condition: {ArnEquals: {"aws:SourceArn": "arn:aws:sns:eu-west-1:111122223333:alarms"}}}
        """,
        source=_ELEMENTS,
    ),
    review_code(
        "REV651",
        "danger",
        "public-access",
        "the URL of a function asks nobody who they are",
        "With `AuthType: NONE` Lambda invokes the function for whoever knows the URL. Whatever the function does, "
        "anybody does, and the account pays.",
        before="""
            Url: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: fraud, AuthType: AWS_IAM}}
        """,
        after="""
            Url: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: fraud, AuthType: NONE}}
        """,
        source=_URL,
    ),
    review_code(
        "REV652",
        "fine",
        "public-access",
        "the URL of a function is bounded further, or answers otherwise",
        "Fewer can call it than before, or it answers in another way. Callers that do not sign are refused.",
        before="""
            Url: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: fraud, AuthType: NONE}}
        """,
        after="""
            Url: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: fraud, AuthType: AWS_IAM}}
        """,
        source=_URL,
    ),
    review_code(
        "REV653",
        "caution",
        "public-access",
        "web pages of other origins can call the URL of a function",
        "A page that somebody has open can call it with what the browser knows of them. It does not open the URL to "
        "whoever could not call it before.",
        before="""
            Url: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: fraud, AuthType: AWS_IAM}}
        """,
        after="""
            Url: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: fraud, AuthType: AWS_IAM, Cors: {AllowOrigins: ["*"]}}}
        """,
        source="https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html",
    ),
    review_code(
        "REV654",
        "caution",
        "encryption",
        "a secret is rotated less often, or not at all",
        "A value that leaked is of use for as long as it holds. Without rotation it holds until somebody thinks of it.",
        before="""
            Secret: {Type: AWS::SecretsManager::Secret, Properties: {Name: splunk}}
            Rotation:
              Type: AWS::SecretsManager::RotationSchedule
              Properties: {SecretId: !Ref Secret, RotationRules: {AutomaticallyAfterDays: 30}}
        """,
        after="""
            Secret: {Type: AWS::SecretsManager::Secret, Properties: {Name: splunk}}
        """,
        source=_ROTATION,
    ),
    review_code(
        "REV655",
        "fine",
        "encryption",
        "a secret is rotated, or guarded, better than before",
        "It is rotated from now on, or more often, or AWS refuses policies that open it to everybody.",
        before="""
            Secret: {Type: AWS::SecretsManager::Secret, Properties: {Name: splunk}}
        """,
        after="""
            Secret: {Type: AWS::SecretsManager::Secret, Properties: {Name: splunk}}
            Rotation:
              Type: AWS::SecretsManager::RotationSchedule
              Properties: {SecretId: !Ref Secret, RotationRules: {AutomaticallyAfterDays: 30}}
        """,
        source=_ROTATION,
    ),
    review_code(
        "REV656",
        "caution",
        "encryption",
        "a secret gets another value",
        "CloudFormation writes a new value at once, over the one that is there. Whoever holds the old one is refused "
        "until it is fetched again, and the other side has to know it too.",
        before="""
            Secret: {Type: AWS::SecretsManager::Secret, Properties: {GenerateSecretString: {PasswordLength: 20}}}
        """,
        after="""
            Secret: {Type: AWS::SecretsManager::Secret, Properties: {GenerateSecretString: {PasswordLength: 32}}}
        """,
        source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html",
    ),
    review_code(
        "REV657",
        "caution",
        "encryption",
        "a secret is encrypted by another key",
        "Its readers need `kms:Decrypt` on the new key. Under the key that AWS manages no other account can read it.",
        before="""
            Secret: {Type: AWS::SecretsManager::Secret, Properties: {KmsKeyId: alias/one}}
        """,
        after="""
            Secret: {Type: AWS::SecretsManager::Secret, Properties: {KmsKeyId: alias/two}}
        """,
        source="https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html",
    ),
    review_code(
        "REV658",
        "caution",
        "public-access",
        "a policy that opens a secret to everybody is no longer refused",
        "Secrets Manager asks of each new policy whether it is public. Without that question one that is gets "
        "deployed.",
        before="""
            Secret: {Type: AWS::SecretsManager::Secret, Properties: {Name: splunk}}
            Policy:
              Type: AWS::SecretsManager::ResourcePolicy
              Properties: {SecretId: !Ref Secret, BlockPublicPolicy: true, ResourcePolicy: {Statement: []}}
        """,
        after="""
            Secret: {Type: AWS::SecretsManager::Secret, Properties: {Name: splunk}}
            Policy:
              Type: AWS::SecretsManager::ResourcePolicy
              Properties: {SecretId: !Ref Secret, BlockPublicPolicy: false, ResourcePolicy: {Statement: []}}
        """,
        source="https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html",
    ),
    review_code(
        "REV659",
        "caution",
        "encryption",
        "a secret is rotated by something else, or is in other regions",
        "What rotates it has to know the other side; copies in other regions are read, and deleted, there.",
        before="""
            Secret: {Type: AWS::SecretsManager::Secret, Properties: {ReplicaRegions: [{Region: eu-west-1}]}}
        """,
        after="""
            Secret: {Type: AWS::SecretsManager::Secret, Properties: {ReplicaRegions: [{Region: eu-west-1}, {Region: eu-central-1}]}}
        """,
        source=_ROTATION,
    ),
    review_code(
        "REV670",
        "danger",
        "network",
        "everybody is newly let in by a security group",
        "A rule from `0.0.0.0/0` or `::/0` lets in the whole internet on its ports: all that is then between it and "
        "the brokers is whether they have a public address, and whom they authenticate.",
        before="""
            Brokers:
              Type: AWS::EC2::SecurityGroup
              Properties:
                GroupDescription: brokers
                VpcId: vpc-1
                SecurityGroupIngress:
                  - {IpProtocol: tcp, FromPort: 9098, ToPort: 9098, CidrIp: 10.0.0.0/16}
        """,
        after="""
            Brokers:
              Type: AWS::EC2::SecurityGroup
              Properties:
                GroupDescription: brokers
                VpcId: vpc-1
                SecurityGroupIngress:
                  - {IpProtocol: tcp, FromPort: 9098, ToPort: 9098, CidrIp: 0.0.0.0/0}
        """,
        source=_GROUP,
    ),
    review_code(
        "REV671",
        "caution",
        "network",
        "somebody else is newly let in by a security group",
        "A wider range, another group or other ports reach what is behind it. Nobody outside of what is named does.",
        before="""
            Brokers:
              Type: AWS::EC2::SecurityGroup
              Properties:
                GroupDescription: brokers
                VpcId: vpc-1
                SecurityGroupIngress:
                  - {IpProtocol: tcp, FromPort: 9098, ToPort: 9098, CidrIp: 10.0.0.0/16}
        """,
        after="""
            Brokers:
              Type: AWS::EC2::SecurityGroup
              Properties:
                GroupDescription: brokers
                VpcId: vpc-1
                SecurityGroupIngress:
                  - {IpProtocol: tcp, FromPort: 9098, ToPort: 9098, CidrIp: 10.0.0.0/8}
        """,
        source=_GROUP,
    ),
    review_code(
        "REV672",
        "caution",
        "network",
        "a security group lets out more",
        "What is behind it reaches more than it did: whoever takes it over gets data out by it.",
        before="""
            Brokers:
              Type: AWS::EC2::SecurityGroup
              Properties:
                GroupDescription: brokers
                VpcId: vpc-1
                SecurityGroupIngress:
                  - {IpProtocol: tcp, FromPort: 9098, ToPort: 9098, CidrIp: 10.0.0.0/16}
                SecurityGroupEgress:
                  - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.0.0/16}
        """,
        after="""
            Brokers:
              Type: AWS::EC2::SecurityGroup
              Properties:
                GroupDescription: brokers
                VpcId: vpc-1
                SecurityGroupIngress:
                  - {IpProtocol: tcp, FromPort: 9098, ToPort: 9098, CidrIp: 10.0.0.0/16}
                SecurityGroupEgress:
                  - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}
        """,
        source=_GROUP,
    ),
    review_code(
        "REV673",
        "fine",
        "network",
        "a security group lets in or out less",
        "Fewer reach what is behind it. Whoever still connects from outside of what is left is cut off.",
        before="""
            Brokers:
              Type: AWS::EC2::SecurityGroup
              Properties:
                GroupDescription: brokers
                VpcId: vpc-1
                SecurityGroupIngress:
                  - {IpProtocol: tcp, FromPort: 9098, ToPort: 9098, CidrIp: 10.0.0.0/8}
        """,
        after="""
            Brokers:
              Type: AWS::EC2::SecurityGroup
              Properties:
                GroupDescription: brokers
                VpcId: vpc-1
                SecurityGroupIngress:
                  - {IpProtocol: tcp, FromPort: 9098, ToPort: 9098, CidrIp: 10.0.0.0/16}
        """,
        source=_GROUP,
    ),
    review_code(
        "REV674",
        "caution",
        "network",
        "a security group no longer lets in a group of the same template",
        "What is in that group is still there, and connects no more: producers and readers of a cluster time out.",
        before="""
            Brokers:
              Type: AWS::EC2::SecurityGroup
              Properties:
                GroupDescription: brokers
                VpcId: vpc-1
                SecurityGroupIngress:
                  - {IpProtocol: tcp, FromPort: 9098, ToPort: 9098, CidrIp: 10.0.0.0/16}
                  - {IpProtocol: tcp, FromPort: 9096, ToPort: 9096, SourceSecurityGroupId: !GetAtt Clients.GroupId}
            Clients: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: clients, VpcId: vpc-1}}
        """,
        after="""
            Brokers:
              Type: AWS::EC2::SecurityGroup
              Properties:
                GroupDescription: brokers
                VpcId: vpc-1
                SecurityGroupIngress:
                  - {IpProtocol: tcp, FromPort: 9098, ToPort: 9098, CidrIp: 10.0.0.0/16}
            Clients: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: clients, VpcId: vpc-1}}
        """,
        source=_GROUP,
    ),
    review_code(
        "REV675",
        "fine",
        "network",
        "a new security group lets somebody in",
        "Nothing that is there is opened by it: whatever is put into the group is created, or moved, by somebody who "
        "knows.",
        before="""
            Other: {Type: AWS::SNS::Topic}
        """,
        after="""
            Other: {Type: AWS::SNS::Topic}
            Brokers:
              Type: AWS::EC2::SecurityGroup
              Properties:
                GroupDescription: brokers
                VpcId: vpc-1
                SecurityGroupIngress:
                  - {IpProtocol: tcp, FromPort: 9098, ToPort: 9098, CidrIp: 10.0.0.0/16}
        """,
        source=_GROUP,
    ),
    review_code(
        "REV676",
        "caution",
        "network",
        "an endpoint of a service is gone",
        "What is in subnets without a way to the internet no longer reaches the service at all; what has one sends "
        "its records over it, and pays for that.",
        before="""
            Endpoint: {Type: AWS::EC2::VPCEndpoint, Properties: {VpcId: vpc-1, ServiceName: com.amazonaws.eu-west-1.kinesis-streams, VpcEndpointType: Interface, SubnetIds: [subnet-1]}}
            Other: {Type: AWS::SNS::Topic}
        """,
        after="""
            Other: {Type: AWS::SNS::Topic}
        """,
        source="https://docs.aws.amazon.com/vpc/latest/privatelink/delete-vpc-endpoint.html",
    ),
    review_code(
        "REV677",
        "caution",
        "network",
        "an endpoint lets more through, or is reached from fewer places",
        "The policy of an endpoint bounds what a network can do at a service, whoever has taken over what is in it; "
        "its subnets and groups are who reaches it.",
        before="""
            Endpoint: {Type: AWS::EC2::VPCEndpoint, Properties: {VpcId: vpc-1, ServiceName: com.amazonaws.eu-west-1.kinesis-streams, VpcEndpointType: Interface, SubnetIds: [subnet-1], PolicyDocument: {Statement: [{Effect: Allow, Principal: "*", Action: "kinesis:PutRecord", Resource: "*"}]}}}
        """,
        after="""
            Endpoint: {Type: AWS::EC2::VPCEndpoint, Properties: {VpcId: vpc-1, ServiceName: com.amazonaws.eu-west-1.kinesis-streams, VpcEndpointType: Interface, SubnetIds: [subnet-1]}}
        """,
        source=_ENDPOINT,
    ),
    review_code(
        "REV678",
        "fine",
        "network",
        "an endpoint lets less through, or is reached from more places",
        "Nothing is opened by it. What its policy no longer lets through is refused, also where IAM allows it.",
        before="""
            Endpoint: {Type: AWS::EC2::VPCEndpoint, Properties: {VpcId: vpc-1, ServiceName: com.amazonaws.eu-west-1.kinesis-streams, VpcEndpointType: Interface, SubnetIds: [subnet-1]}}
        """,
        after="""
            Endpoint: {Type: AWS::EC2::VPCEndpoint, Properties: {VpcId: vpc-1, ServiceName: com.amazonaws.eu-west-1.kinesis-streams, VpcEndpointType: Interface, SubnetIds: [subnet-1, subnet-2]}}
        """,
        source=_ENDPOINT,
    ),
    review_code(
        "REV679",
        "caution",
        "network",
        "traffic takes another way, or none",
        "A route to the internet makes its subnets public; one that is gone cuts off whatever went by it, such as a "
        "function that calls a service without an endpoint.",
        before="""
            Route: {Type: AWS::EC2::Route, Properties: {RouteTableId: rtb-1, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: nat-1}}
        """,
        after="""
            Route: {Type: AWS::EC2::Route, Properties: {RouteTableId: rtb-1, DestinationCidrBlock: 0.0.0.0/0, GatewayId: igw-1}}
        """,
        source="https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html",
    ),
    review_code(
        "REV680",
        "caution",
        "network",
        "what starts in a subnet has a public address",
        "It can be reached from the internet wherever a security group lets it: only that is between.",
        before="""
            Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: vpc-1, CidrBlock: 10.0.0.0/24, MapPublicIpOnLaunch: false}}
        """,
        after="""
            Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: vpc-1, CidrBlock: 10.0.0.0/24, MapPublicIpOnLaunch: true}}
        """,
        source="https://docs.aws.amazon.com/vpc/latest/userguide/subnet-public-ip.html",
    ),
    review_code(
        "REV681",
        "caution",
        "network",
        "a network ACL lets something else through",
        "A network ACL holds for a whole subnet, beside security groups, and knows no connections: answers have to be "
        "let through as well.",
        before="""
            Entry:
              Type: AWS::EC2::NetworkAclEntry
              Properties: {NetworkAclId: acl-1, RuleNumber: 100, Protocol: 6, CidrBlock: 0.0.0.0/0, RuleAction: deny}
        """,
        after="""
            Entry:
              Type: AWS::EC2::NetworkAclEntry
              Properties: {NetworkAclId: acl-1, RuleNumber: 100, Protocol: 6, CidrBlock: 0.0.0.0/0, RuleAction: allow}
        """,
        source="https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html",
    ),
    review_code(
        "REV682",
        "fine",
        "network",
        "the network is bounded further, or works as before",
        "Fewer have a public address or a way in; or what changed weakens nothing.",
        before="""
            Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: vpc-1, CidrBlock: 10.0.0.0/24, MapPublicIpOnLaunch: true}}
        """,
        after="""
            Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: vpc-1, CidrBlock: 10.0.0.0/24, MapPublicIpOnLaunch: false}}
        """,
        source="https://docs.aws.amazon.com/vpc/latest/userguide/subnet-public-ip.html",
    ),
    review_code(
        "REV683",
        "caution",
        "network",
        "the network works otherwise",
        "Names, addresses or who has to accept a connection are not what they were; what relies on them may not "
        "connect any more.",
        before="""
            Network: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16, EnableDnsSupport: true}}
        """,
        after="""
            Network: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16, EnableDnsSupport: false}}
        """,
        source="https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html",
    ),
    review_code(
        "REV684",
        "caution",
        "network",
        "flow logs of a network are off",
        "Who talked to whom is known from flow logs alone. Without them nobody can say afterwards what went out.",
        before="""
            Flow: {Type: AWS::EC2::FlowLog, Properties: {ResourceId: vpc-1, ResourceType: VPC, TrafficType: ALL, LogGroupName: flows, DeliverLogsPermissionArn: "arn:aws:iam::111122223333:role/flows"}}
            Other: {Type: AWS::SNS::Topic}
        """,
        after="""
            Other: {Type: AWS::SNS::Topic}
        """,
        source="https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html",
    ),
    review_code(
        "REV685",
        "danger",
        "network",
        "another account, or everybody, can newly connect to an endpoint service",
        "Whoever is named can make an endpoint in a network of their own that leads here; `*` is anybody with an "
        "account of AWS.",
        before="""
            Permissions: {Type: AWS::EC2::VPCEndpointServicePermissions, Properties: {ServiceId: vpce-svc-1, AllowedPrincipals: ["arn:aws:iam::111122223333:root"]}}
        """,
        after="""
            Permissions: {Type: AWS::EC2::VPCEndpointServicePermissions, Properties: {ServiceId: vpce-svc-1, AllowedPrincipals: ["*"]}}
        """,
        source="https://docs.aws.amazon.com/vpc/latest/privatelink/configure-endpoint-service.html",
    ),
)
