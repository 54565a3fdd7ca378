"""What changes of templates mean for the policies of resources, the URLs of functions, and secrets."""

from __future__ import annotations

from streaming_constructs.spec.codes.code import review_code

_ELEMENTS = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html"
_DEPUTY = "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html"
_PUBLIC = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html"
_URL = "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"
_ROTATION = "https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets.html"

CODES = (
    review_code(
        "REV640",
        "danger",
        "public-access",
        "a resource is newly open to everybody",
        "A statement with the principal `*` and no condition that bounds who comes lets in anybody with an account of "
        "AWS, and of a bucket anybody at all.",
        before="""
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
                      Condition: {ArnEquals: {'aws:SourceArn': 'arn:aws:sns:eu-west-1:111122223333:alarms'}}
                    - {Effect: Allow, Principal: '*', Action: 'sqs:SendMessage', Resource: '*'}
        """,
        source=_PUBLIC,
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
    ),
    review_code(
        "REV641",
        "danger",
        "iam-widened",
        "a resource is newly open to another account",
        "What the administrators of that account let in there is let in here: this account no longer decides over who "
        "reads or writes.",
        before="""
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
                      Condition: {ArnEquals: {'aws:SourceArn': 'arn:aws:sns:eu-west-1:111122223333:alarms'}}
                    - Effect: Allow
                      Principal: {AWS: 'arn:aws:iam::999988887777:root'}
                      Action: sqs:SendMessage
                      Resource: '*'
        """,
        source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html",
    ),
    review_code(
        "REV642",
        "caution",
        "iam-widened",
        "a resource is newly open to another service, or identity of this account",
        "Somebody who looks at the change should know who can newly do what to it. A service without a condition on "
        "its source may come for any account.",
        before="""
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
                      Condition: {ArnEquals: {'aws:SourceArn': 'arn:aws:sns:eu-west-1:111122223333:alarms'}}
                    - Effect: Allow
                      Principal: {Service: events.amazonaws.com}
                      Action: sqs:SendMessage
                      Resource: '*'
                      Condition: {StringEquals: {'aws:SourceAccount': !Ref 'AWS::AccountId'}}
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
        source=_DEPUTY,
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
    ),
    review_code(
        "REV644",
        "caution",
        "iam-widened",
        "a resource is open to identities of this account under fewer conditions",
        "What the condition kept out of the resource is let in from now on, though nobody beyond this account.",
        before="""
            Queue: {Type: 'AWS::SQS::Queue'}
            Policy:
              Type: AWS::SQS::QueuePolicy
              Properties:
                Queues: [!Ref Queue]
                PolicyDocument:
                  Statement:
                    - Effect: Allow
                      Principal: {AWS: {'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:root'}}
                      Action: sqs:SendMessage
                      Resource: '*'
                      Condition: {StringEquals: {'aws:SourceVpce': vpce-1}}
        """,
        after="""
            Queue: {Type: 'AWS::SQS::Queue'}
            Policy:
              Type: AWS::SQS::QueuePolicy
              Properties:
                Queues: [!Ref Queue]
                PolicyDocument:
                  Statement:
                    - Effect: Allow
                      Principal: {AWS: {'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:root'}}
                      Action: sqs:SendMessage
                      Resource: '*'
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
            Lake: {Type: 'AWS::S3::Bucket'}
            Policy:
              Type: AWS::S3::BucketPolicy
              Properties:
                Bucket: !Ref Lake
                PolicyDocument:
                  Statement:
                    - Effect: Allow
                      Principal: {AWS: {'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:root'}}
                      Action: s3:GetObject
                      Resource: {'Fn::Sub': '${Lake.Arn}/*'}
                    - Effect: Deny
                      Principal: '*'
                      Action: s3:*
                      Resource: {'Fn::Sub': '${Lake.Arn}/*'}
                      Condition: {Bool: {'aws:SecureTransport': 'false'}}
        """,
        after="""
            Lake: {Type: 'AWS::S3::Bucket'}
            Policy:
              Type: AWS::S3::BucketPolicy
              Properties:
                Bucket: !Ref Lake
                PolicyDocument:
                  Statement:
                    - Effect: Allow
                      Principal: {AWS: {'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:root'}}
                      Action: s3:GetObject
                      Resource: {'Fn::Sub': '${Lake.Arn}/*'}
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
            Lake: {Type: 'AWS::S3::Bucket'}
            Policy:
              Type: AWS::S3::BucketPolicy
              Properties:
                Bucket: !Ref Lake
                PolicyDocument:
                  Statement:
                    - Effect: Allow
                      Principal: {AWS: {'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:root'}}
                      Action: s3:GetObject
                      Resource: {'Fn::Sub': '${Lake.Arn}/*'}
                    - Effect: Deny
                      Principal: '*'
                      Action: s3:PutObject
                      Resource: {'Fn::Sub': '${Lake.Arn}/*'}
                      Condition: {StringNotEquals: {'s3:x-amz-server-side-encryption': 'aws:kms'}}
        """,
        after="""
            Lake: {Type: 'AWS::S3::Bucket'}
            Policy:
              Type: AWS::S3::BucketPolicy
              Properties:
                Bucket: !Ref Lake
                PolicyDocument:
                  Statement:
                    - Effect: Allow
                      Principal: {AWS: {'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:root'}}
                      Action: s3:GetObject
                      Resource: {'Fn::Sub': '${Lake.Arn}/*'}
        """,
        source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html",
    ),
    review_code(
        "REV647",
        "caution",
        "iam-widened",
        "a resource no longer denies something",
        "A Deny holds against every other policy. Without it, whatever any of them allows, or will allow, is allowed.",
        before="""
            Lake: {Type: 'AWS::S3::Bucket'}
            Policy:
              Type: AWS::S3::BucketPolicy
              Properties:
                Bucket: !Ref Lake
                PolicyDocument:
                  Statement:
                    - Effect: Allow
                      Principal: {AWS: {'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:root'}}
                      Action: s3:GetObject
                      Resource: {'Fn::Sub': '${Lake.Arn}/*'}
                    - Effect: Deny
                      Principal: '*'
                      Action: s3:DeleteObject
                      Resource: {'Fn::Sub': '${Lake.Arn}/*'}
        """,
        after="""
            Lake: {Type: 'AWS::S3::Bucket'}
            Policy:
              Type: AWS::S3::BucketPolicy
              Properties:
                Bucket: !Ref Lake
                PolicyDocument:
                  Statement:
                    - Effect: Allow
                      Principal: {AWS: {'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:root'}}
                      Action: s3:GetObject
                      Resource: {'Fn::Sub': '${Lake.Arn}/*'}
        """,
        source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html",
    ),
    review_code(
        "REV648",
        "fine",
        "iam-widened",
        "a resource is open to fewer",
        "A statement was taken out or bounded, or something is newly denied. Whoever still comes by it from outside "
        "of the template is refused.",
        before="""
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
                    - Effect: Allow
                      Principal: {AWS: 'arn:aws:iam::999988887777:root'}
                      Action: sqs:SendMessage
                      Resource: '*'
        """,
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
                      Condition: {ArnEquals: {'aws:SourceArn': 'arn:aws:sns:eu-west-1:111122223333:alarms'}}
        """,
        source=_ELEMENTS,
    ),
    review_code(
        "REV649",
        "caution",
        "iam-widened",
        "a service can no longer deliver to a resource",
        "What the service sends is refused from now on: a topic drops messages for a queue that does not take them, "
        "an invocation does not happen.",
        before="""
            Queue: {Type: 'AWS::SQS::Queue'}
            Policy:
              Type: AWS::SQS::QueuePolicy
              Properties:
                Queues: [!Ref Queue]
                PolicyDocument:
                  Statement:
                    - Effect: Allow
                      Principal: {AWS: {'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:root'}}
                      Action: sqs:SendMessage
                      Resource: '*'
                    - Effect: Allow
                      Principal: {Service: sns.amazonaws.com}
                      Action: sqs:SendMessage
                      Resource: '*'
                      Condition: {ArnEquals: {'aws:SourceArn': 'arn:aws:sns:eu-west-1:111122223333:alarms'}}
        """,
        after="""
            Queue: {Type: 'AWS::SQS::Queue'}
            Policy:
              Type: AWS::SQS::QueuePolicy
              Properties:
                Queues: [!Ref Queue]
                PolicyDocument:
                  Statement:
                    - Effect: Allow
                      Principal: {AWS: {'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:root'}}
                      Action: sqs:SendMessage
                      Resource: '*'
        """,
        source="https://docs.aws.amazon.com/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html",
    ),
    review_code(
        "REV650",
        "fine",
        "iam-widened",
        "a new resource is open to somebody of this account, or to a service",
        "Nothing that is there is opened by it: what has the policy is created by the same change.",
        before="""
            Other: {Type: 'AWS::SNS::Topic'}
        """,
        after="""
            Other: {Type: 'AWS::SNS::Topic'}
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
            Url: {Type: 'AWS::Lambda::Url', Properties: {TargetFunctionArn: fraud, AuthType: AWS_IAM}}
        """,
        after="""
            Url: {Type: 'AWS::Lambda::Url', Properties: {TargetFunctionArn: fraud, AuthType: NONE}}
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
            Url: {Type: 'AWS::Lambda::Url', Properties: {TargetFunctionArn: fraud, AuthType: NONE}}
        """,
        after="""
            Url: {Type: 'AWS::Lambda::Url', Properties: {TargetFunctionArn: fraud, AuthType: AWS_IAM}}
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
            Url: {Type: 'AWS::Lambda::Url', Properties: {TargetFunctionArn: fraud, AuthType: AWS_IAM}}
        """,
        after="""
            Url:
              Type: AWS::Lambda::Url
              Properties: {TargetFunctionArn: fraud, AuthType: AWS_IAM, Cors: {AllowOrigins: ['*']}}
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
            Secret: {Type: 'AWS::SecretsManager::Secret', Properties: {Name: splunk}}
            Rotation:
              Type: AWS::SecretsManager::RotationSchedule
              Properties: {SecretId: !Ref Secret, RotationRules: {AutomaticallyAfterDays: 30}}
        """,
        after="""
            Secret: {Type: 'AWS::SecretsManager::Secret', Properties: {Name: splunk}}
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
            Secret: {Type: 'AWS::SecretsManager::Secret', Properties: {Name: splunk}}
        """,
        after="""
            Secret: {Type: 'AWS::SecretsManager::Secret', Properties: {Name: splunk}}
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
            Secret:
              Type: AWS::SecretsManager::Secret
              Properties: {GenerateSecretString: {PasswordLength: 20}}
        """,
        after="""
            Secret:
              Type: AWS::SecretsManager::Secret
              Properties: {GenerateSecretString: {PasswordLength: 32}}
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
            Secret: {Type: 'AWS::SecretsManager::Secret', Properties: {KmsKeyId: alias/one}}
        """,
        after="""
            Secret: {Type: 'AWS::SecretsManager::Secret', Properties: {KmsKeyId: alias/two}}
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
            Secret: {Type: 'AWS::SecretsManager::Secret', Properties: {Name: splunk}}
            Policy:
              Type: AWS::SecretsManager::ResourcePolicy
              Properties: {SecretId: !Ref Secret, BlockPublicPolicy: true, ResourcePolicy: {Statement: []}}
        """,
        after="""
            Secret: {Type: 'AWS::SecretsManager::Secret', Properties: {Name: splunk}}
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
            Secret: {Type: 'AWS::SecretsManager::Secret', Properties: {ReplicaRegions: [{Region: eu-west-1}]}}
        """,
        after="""
            Secret:
              Type: AWS::SecretsManager::Secret
              Properties: {ReplicaRegions: [{Region: eu-west-1}, {Region: eu-central-1}]}
        """,
        source=_ROTATION,
    ),
)
