"""What is wrong in one template with IAM policies, keys, networks and what is public."""

from __future__ import annotations

from streaming_constructs.spec.codes.code import review_code

_BEST = "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html"
_TRUST = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-trust-policy.html"
_DEPUTY = "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html"
_PUBLIC = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html"
_GROUP = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroup.html"

CODES = (
    review_code(
        "AUD601",
        "danger",
        "iam-widened",
        "a role can do everything",
        "Every action on every resource is allowed, IAM itself among them: whoever gets hold of the role, by a fault "
        "in the code or a leaked credential, has the account.",
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
        """,
        source=_BEST,
    ),
    review_code(
        "AUD602",
        "danger",
        "iam-widened",
        "a role can call every action of a service on every resource",
        "A consumer that is taken over, or has a fault, can delete every stream of the account, and let others in.",
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
                PolicyDocument: {Statement: [{Effect: Allow, Action: 'kinesis:*', Resource: '*'}]}
        """,
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
        """,
        source=_BEST,
    ),
    review_code(
        "AUD603",
        "danger",
        "iam-widened",
        "a role can do all but what is named",
        "`NotAction` and `NotResource` with `Allow` permit whatever is not in the list: what was forgotten, and what "
        "AWS adds later.",
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
        """,
        source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html",
    ),
    review_code(
        "AUD604",
        "danger",
        "iam-widened",
        "a role can give itself, or others, more permissions",
        "Whoever may write policies, or hand any role to a service, has the permissions of the strongest role of the "
        "account, whatever the rest of its own policy says.",
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
                PolicyDocument: {Statement: [{Effect: Allow, Action: 'iam:PassRole', Resource: '*'}]}
        """,
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
                    - {Effect: Allow, Action: 'iam:PassRole', Resource: 'arn:aws:iam::111122223333:role/flink'}
        """,
        source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html",
    ),
    review_code(
        "AUD605",
        "caution",
        "iam-widened",
        "a role can call an action on every resource",
        "What is meant for one stream or bucket holds for all of the account, those of other teams among them.",
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
        """,
        source=_BEST,
    ),
    review_code(
        "AUD606",
        "danger",
        "iam-widened",
        "everybody can act as a role",
        "Anybody with an account of AWS, or with a login at the provider, has all the permissions of the role.",
        after="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement: [{Effect: Allow, Principal: {AWS: '*'}, Action: 'sts:AssumeRole'}]
        """,
        mend="""
            Role:
              Type: AWS::IAM::Role
              Properties:
                AssumeRolePolicyDocument:
                  Statement:
                    - Effect: Allow
                      Principal: {AWS: 'arn:aws:iam::999988887777:role/reader'}
                      Action: sts:AssumeRole
        """,
        source=_TRUST,
    ),
    review_code(
        "AUD607",
        "caution",
        "iam-widened",
        "a role can call every action of a service on a resource",
        "Reading comes with deleting, with policies of the resource, and with whatever AWS adds to the service later.",
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
        """,
        source=_BEST,
    ),
    review_code(
        "AUD610",
        "danger",
        "public-access",
        "a resource is open to everybody",
        "A statement with the principal `*` and no condition that bounds who comes lets in anybody with an account of "
        "AWS, and of a bucket anybody at all.",
        after="""
            Queue: {Type: 'AWS::SQS::Queue'}
            Policy:
              Type: AWS::SQS::QueuePolicy
              Properties:
                Queues: [!Ref Queue]
                PolicyDocument:
                  Statement: [{Effect: Allow, Principal: '*', Action: 'sqs:SendMessage', Resource: '*'}]
        """,
        mend="""
            Queue: {Type: 'AWS::SQS::Queue'}
            Policy:
              Type: AWS::SQS::QueuePolicy
              Properties:
                Queues: [!Ref Queue]
                PolicyDocument:
                  Statement:
                    - Effect: Allow
                      Principal: {Service: sns.amazonaws.com}
                      Action: sqs:SendMessage
                      Resource: '*'
                      Condition: {ArnEquals: {'aws:SourceArn': 'arn:aws:sns:eu-west-1:111122223333:alarms'}}
        """,
        source=_PUBLIC,
    ),
    review_code(
        "AUD611",
        "caution",
        "public-access",
        "a service can use a resource for any account",
        "The service comes for whoever uses it: somebody's bucket or topic in another account can send to it, as long "
        "as the policy does not say whose.",
        after="""
            Queue: {Type: 'AWS::SQS::Queue'}
            Policy:
              Type: AWS::SQS::QueuePolicy
              Properties:
                Queues: [!Ref Queue]
                PolicyDocument:
                  Statement:
                    - Effect: Allow
                      Principal: {Service: sns.amazonaws.com}
                      Action: sqs:SendMessage
                      Resource: '*'
        """,
        mend="""
            Queue: {Type: 'AWS::SQS::Queue'}
            Policy:
              Type: AWS::SQS::QueuePolicy
              Properties:
                Queues: [!Ref Queue]
                PolicyDocument:
                  Statement:
                    - Effect: Allow
                      Principal: {Service: sns.amazonaws.com}
                      Action: sqs:SendMessage
                      Resource: '*'
                      Condition: {ArnEquals: {'aws:SourceArn': 'arn:aws:sns:eu-west-1:111122223333:alarms'}}
        """,
        source=_DEPUTY,
    ),
    review_code(
        "AUD612",
        "danger",
        "public-access",
        "the URL of a function asks nobody who they are",
        "With `AuthType: NONE` Lambda invokes the function for whoever knows the URL. Whatever the function does, "
        "anybody does, and the account pays.",
        after="""
            Url: {Type: 'AWS::Lambda::Url', Properties: {TargetFunctionArn: fraud, AuthType: NONE}}
        """,
        mend="""
            Url: {Type: 'AWS::Lambda::Url', Properties: {TargetFunctionArn: fraud, AuthType: AWS_IAM}}
        """,
        source="https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",
    ),
    review_code(
        "AUD620",
        "caution",
        "encryption",
        "a key is never rotated",
        "More and more is encrypted by the same material. Rotation costs no downtime: what was encrypted before stays "
        "readable.",
        after="""
            Key: {Type: 'AWS::KMS::Key', Properties: {Description: clicks}}
        """,
        mend="""
            Key: {Type: 'AWS::KMS::Key', Properties: {EnableKeyRotation: true}}
        """,
        source="https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html",
    ),
    review_code(
        "AUD621",
        "danger",
        "encryption",
        "a key is disabled",
        "Nothing that it encrypted can be read, and writers of what it encrypts are refused.",
        after="""
            Key: {Type: 'AWS::KMS::Key', Properties: {EnableKeyRotation: true, Enabled: false}}
        """,
        mend="""
            Key: {Type: 'AWS::KMS::Key', Properties: {EnableKeyRotation: true, Enabled: true}}
        """,
        source="https://docs.aws.amazon.com/kms/latest/developerguide/enabling-keys.html",
    ),
    review_code(
        "AUD630",
        "danger",
        "public-access",
        "the whole internet is let in to the ports of brokers",
        "All that is between it and the brokers is whether they have a public address, and whom they authenticate. "
        "Scanners find such a port within hours.",
        after="""
            Brokers:
              Type: AWS::EC2::SecurityGroup
              Properties:
                GroupDescription: brokers
                VpcId: vpc-1
                SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 9098, ToPort: 9098, CidrIp: 0.0.0.0/0}]
        """,
        mend="""
            Brokers:
              Type: AWS::EC2::SecurityGroup
              Properties:
                GroupDescription: brokers
                VpcId: vpc-1
                SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 9098, ToPort: 9098, CidrIp: 10.0.0.0/16}]
        """,
        source=_GROUP,
    ),
    review_code(
        "AUD631",
        "danger",
        "public-access",
        "the whole internet is let in on a port that is not that of a web server",
        "What listens there was made for a network of its own: consoles, databases and shells are found and tried "
        "within hours.",
        after="""
            Brokers:
              Type: AWS::EC2::SecurityGroup
              Properties:
                GroupDescription: brokers
                VpcId: vpc-1
                SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}]
        """,
        mend="""
            Brokers:
              Type: AWS::EC2::SecurityGroup
              Properties:
                GroupDescription: brokers
                VpcId: vpc-1
                SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 10.0.0.0/16}]
        """,
        source=_GROUP,
    ),
    review_code(
        "AUD640",
        "danger",
        "encryption",
        "a secret in plain text",
        "It is in the repository, in the template, in the history of the stack and on the console's page: whoever may "
        "look at one of them has it.",
        after="""
            Function:
              Type: AWS::Lambda::Function
              Properties:
                Role: arn:aws:iam::111122223333:role/fraud
                Code: {ZipFile: x}
                Environment: {Variables: {SPLUNK_TOKEN: 0d5c1f}}
        """,
        mend="""
            Function:
              Type: AWS::Lambda::Function
              Properties:
                Role: arn:aws:iam::111122223333:role/fraud
                Code: {ZipFile: x}
                Environment:
                  Variables: {SPLUNK_SECRET_ARN: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:splunk'}
        """,
        source="https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",
    ),
    review_code(
        "AUD641",
        "danger",
        "encryption",
        "the value of a secret stands in the template",
        "It is encrypted in Secrets Manager, and in plain text in the repository and in whatever builds from it. "
        "Whoever reads those has it, and its rotation is written over by the next deployment.",
        after="""
            Secret: {Type: 'AWS::SecretsManager::Secret', Properties: {SecretString: hunter2}}
        """,
        mend="""
            Secret:
              Type: AWS::SecretsManager::Secret
              Properties: {GenerateSecretString: {PasswordLength: 32}}
        """,
        source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/security-best-practices.html",
    ),
    review_code(
        "AUD642",
        "caution",
        "encryption",
        "a parameter that is a secret is shown",
        "Without `NoEcho` the value is on the page of the stack, and in the answer of every call that describes it.",
        after="""
            Parameters: {DatabasePassword: {Type: String}}
            Resources: {Topic: {Type: 'AWS::SNS::Topic'}}
        """,
        mend="""
            Parameters: {DatabasePassword: {Type: String, NoEcho: true}}
            Resources: {Topic: {Type: 'AWS::SNS::Topic'}}
        """,
        source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/security-best-practices.html",
    ),
)
