"""What changes of templates mean for resources of any kind."""

from __future__ import annotations

from streaming_constructs.spec.codes.code import review_code

_REPLACE = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html"
)
_DELETION = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html"
_REPLACED = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatereplacepolicy.html"
)
_EXPORTS = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html"

CODES = (
    review_code(
        "REV101",
        "danger",
        "replacement",
        "a resource that holds data is replaced by an empty one, and deleted",
        "A property that cannot be changed in place has another value, or refers to something that is itself replaced. "
        "CloudFormation creates a new resource, points everything to it, and deletes the old one with all that it holds.",
        before="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {Name: clicks, ShardCount: 2}}
        """,
        after="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {Name: clicks-v2, ShardCount: 2}}
        """,
        source=_REPLACE,
    ),
    review_code(
        "REV102",
        "danger",
        "replacement",
        "a resource that holds data is replaced by an empty one, and left behind",
        "`UpdateReplacePolicy: Retain` keeps the old resource in the account, outside of every stack. Nothing is deleted, but "
        "writers and readers have the new, empty one: what the old one holds is missing from every answer.",
        before="""
            Clicks:
              Type: AWS::Kinesis::Stream
              UpdateReplacePolicy: Retain
              Properties: {Name: clicks, ShardCount: 2}
        """,
        after="""
            Clicks:
              Type: AWS::Kinesis::Stream
              UpdateReplacePolicy: Retain
              Properties: {Name: clicks-v2, ShardCount: 2}
        """,
        source=_REPLACED,
    ),
    review_code(
        "REV103",
        "danger",
        "data-loss",
        "a resource that holds data is deleted",
        "A resource that leaves a template is deleted, unless the template that is deployed says `DeletionPolicy: Retain`: "
        "what the new one says of it comes too late.",
        before="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Other: {Type: AWS::SNS::Topic}
        """,
        after="""
            Other: {Type: AWS::SNS::Topic}
        """,
        source=_DELETION,
    ),
    review_code(
        "REV104",
        "caution",
        "orphan",
        "a resource that holds data leaves the stack and stays in the account",
        "Nothing is lost. But it costs what it did, no template has it any more, and another of the same name cannot be "
        "created while it is there.",
        before="""
            Clicks: {Type: AWS::Kinesis::Stream, DeletionPolicy: Retain, Properties: {ShardCount: 2}}
            Other: {Type: AWS::SNS::Topic}
        """,
        after="""
            Other: {Type: AWS::SNS::Topic}
        """,
        source=_DELETION,
    ),
    review_code(
        "REV105",
        "caution",
        "orphan",
        "a resource that holds data is deleted after a snapshot of it was made",
        "What it holds can be had again from the snapshot, by hand, into another resource. Until then nothing answers.",
        before="""
            Orders: {Type: AWS::RDS::DBCluster, DeletionPolicy: Snapshot, Properties: {Engine: aurora-postgresql}}
            Other: {Type: AWS::SNS::Topic}
        """,
        after="""
            Other: {Type: AWS::SNS::Topic}
        """,
        source=_DELETION,
    ),
    review_code(
        "REV106",
        "danger",
        "orphan",
        "a resource that holds data has another logical id, and begins empty",
        "To CloudFormation a logical id is the resource: under another one it creates a new resource, and deletes or leaves "
        "behind the one that holds the data. A construct that moved in a CDK app has another logical id too.",
        before="""
            Clicks: {Type: AWS::Kinesis::Stream, DeletionPolicy: Retain, Properties: {ShardCount: 2}}
        """,
        after="""
            ClicksStream: {Type: AWS::Kinesis::Stream, DeletionPolicy: Retain, Properties: {ShardCount: 2}}
        """,
        source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-refactoring.html",
    ),
    review_code(
        "REV107",
        "danger",
        "replacement",
        "a resource that holds data may be replaced, by the values",
        "The schema of its type says that some changes of this property replace it and others do not. Whether this one does "
        "is told by a change set alone.",
        before="""
            Orders: {Type: AWS::RDS::DBInstance, Properties: {Engine: postgres, AvailabilityZone: eu-west-1a}}
        """,
        after="""
            Orders: {Type: AWS::RDS::DBInstance, Properties: {Engine: mysql, AvailabilityZone: eu-west-1a}}
        """,
        source="https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html",
    ),
    review_code(
        "REV108",
        "caution",
        "replacement",
        "a resource that holds nothing is replaced",
        "A new one takes its place, under another id. What knows the old one from outside of the stack, by its name or its "
        "ARN, has to follow; while both are there a fixed name is taken.",
        before="""
            Role:
              Type: AWS::IAM::Role
              Properties: {RoleName: reader, AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: []}}
        """,
        after="""
            Role:
              Type: AWS::IAM::Role
              Properties: {RoleName: stream-reader, AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: []}}
        """,
        source=_REPLACE,
    ),
    review_code(
        "REV109",
        "caution",
        "none",
        "a resource that holds nothing is deleted",
        "What it did is done no more. Whoever relies on it from outside of the stack is not asked.",
        before="""
            Rule: {Type: AWS::Events::Rule, Properties: {ScheduleExpression: rate(1 day)}}
            Other: {Type: AWS::SNS::Topic}
        """,
        after="""
            Other: {Type: AWS::SNS::Topic}
        """,
    ),
    review_code(
        "REV110",
        "caution",
        "replacement",
        "a resource that holds nothing may be replaced, by the values",
        "The schema of its type says that some changes of this property replace it and others do not. Whether this one does "
        "is told by a change set alone.",
        before="""
            Host: {Type: AWS::EC2::Instance, Properties: {ImageId: ami-1, InstanceType: t3.micro, Tenancy: default}}
        """,
        after="""
            Host: {Type: AWS::EC2::Instance, Properties: {ImageId: ami-1, InstanceType: t3.micro, Tenancy: host}}
        """,
        source="https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html",
    ),
    review_code(
        "REV111",
        "fine",
        "none",
        "a resource is new",
        "Nothing that is there is touched by it. What it opens, costs or allows is said beside it where that is known.",
        before="""
            Other: {Type: AWS::SNS::Topic}
        """,
        after="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
            Other: {Type: AWS::SNS::Topic}
        """,
    ),
    review_code(
        "REV112",
        "caution",
        "replacement",
        "a resource that holds nothing has another logical id",
        "A new one is created and the old one deleted. With a fixed name the creation is refused, as the name is taken until "
        "the old one is gone.",
        before="""
            Nightly: {Type: AWS::Events::Rule, Properties: {ScheduleExpression: rate(1 day)}}
        """,
        after="""
            EveryNight: {Type: AWS::Events::Rule, Properties: {ScheduleExpression: rate(1 day)}}
        """,
        source=_REPLACE,
    ),
    review_code(
        "REV113",
        "fine",
        "none",
        "a policy or permission has another logical id, and says something else",
        "It is created anew before the old one goes. What it allows is said beside the role or resource that it belongs to.",
        before="""
            Permission:
              Type: AWS::Lambda::Permission
              Properties: {FunctionName: fraud, Action: "lambda:InvokeFunction", Principal: events.amazonaws.com}
        """,
        after="""
            AllowEvents:
              Type: AWS::Lambda::Permission
              Properties:
                FunctionName: fraud
                Action: lambda:InvokeFunction
                Principal: events.amazonaws.com
                SourceAccount: "111122223333"
        """,
    ),
    review_code(
        "REV114",
        "caution",
        "removal-policy",
        "a resource that holds data is no longer kept when it leaves the stack or is replaced",
        "Nothing happens now. But the next change that removes or replaces it, or the deletion of the stack, deletes what it "
        "holds.",
        before="""
            Clicks: {Type: AWS::Kinesis::Stream, DeletionPolicy: Retain, Properties: {ShardCount: 2}}
        """,
        after="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
        """,
        source=_DELETION,
    ),
    review_code(
        "REV115",
        "fine",
        "removal-policy",
        "a resource is kept where it was deleted before, or holds nothing",
        "What it holds stays in the account when it leaves the stack; somebody has to delete it then.",
        before="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
        """,
        after="""
            Clicks: {Type: AWS::Kinesis::Stream, DeletionPolicy: Retain, Properties: {ShardCount: 2}}
        """,
        source=_DELETION,
    ),
    review_code(
        "REV116",
        "caution",
        "none",
        "an update or a creation goes about it in another way",
        "How many instances or versions are exchanged at a time, or what CloudFormation waits for, is not what it was.",
        before="""
            Live:
              Type: AWS::Lambda::Alias
              UpdatePolicy: {CodeDeployLambdaAliasUpdate: {ApplicationName: app, DeploymentGroupName: group}}
              Properties: {FunctionName: fraud, FunctionVersion: "7", Name: live}
        """,
        after="""
            Live: {Type: AWS::Lambda::Alias, Properties: {FunctionName: fraud, FunctionVersion: "7", Name: live}}
        """,
        source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatepolicy.html",
    ),
    review_code(
        "REV117",
        "fine",
        "none",
        "tags are others",
        "Tags change nothing that a resource does; reports of costs and rules that look at tags see the new ones.",
        before="""
            Clicks: {Type: AWS::SQS::Queue, Properties: {Tags: [{Key: team, Value: web}]}}
        """,
        after="""
            Clicks: {Type: AWS::SQS::Queue, Properties: {Tags: [{Key: team, Value: data}]}}
        """,
    ),
    review_code(
        "REV118",
        "fine",
        "none",
        "words for people are others",
        "A description changes nothing that a resource does, and is changed in place: only people read it.",
        before="""
            Nightly: {Type: AWS::Events::Rule, Properties: {ScheduleExpression: rate(1 day), Description: nightly}}
        """,
        after="""
            Nightly: {Type: AWS::Events::Rule, Properties: {ScheduleExpression: rate(1 day), Description: every night}}
        """,
    ),
    review_code(
        "REV119",
        "caution",
        "none",
        "an export is gone",
        "While another stack imports it, CloudFormation refuses the whole update. Once none does, nothing is lost.",
        before="""
            Resources: {Topic: {Type: AWS::SNS::Topic}}
            Outputs: {Topic: {Value: !Ref Topic, Export: {Name: alarms-topic}}}
        """,
        after="""
            Resources: {Topic: {Type: AWS::SNS::Topic}}
        """,
        source=_EXPORTS,
    ),
    review_code(
        "REV120",
        "caution",
        "none",
        "an export is another value",
        "While another stack imports it, CloudFormation refuses to change it, and with it the whole update.",
        before="""
            Resources: {Topic: {Type: AWS::SNS::Topic}}
            Outputs: {Topic: {Value: !Ref Topic, Export: {Name: alarms-topic}}}
        """,
        after="""
            Resources: {Topic: {Type: AWS::SNS::Topic}}
            Outputs: {Topic: {Value: !GetAtt Topic.TopicName, Export: {Name: alarms-topic}}}
        """,
        source=_EXPORTS,
    ),
    review_code(
        "REV121",
        "fine",
        "none",
        "an output for people is another",
        "Nothing in AWS depends on an output without an export. Scripts that read it from the stack see what it says now.",
        before="""
            Resources: {Topic: {Type: AWS::SNS::Topic}}
            Outputs: {Topic: {Value: !Ref Topic}}
        """,
        after="""
            Resources: {Topic: {Type: AWS::SNS::Topic}}
            Outputs: {Topic: {Value: !GetAtt Topic.TopicName}}
        """,
        source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/outputs-section-structure.html",
    ),
    review_code(
        "REV122",
        "caution",
        "none",
        "a transform comes, goes or is another",
        "A macro or an include may add, change and take away anything. It is carried out by CloudFormation, so that what "
        "it makes of the template is known there alone.",
        before="""
            Resources: {Topic: {Type: AWS::SNS::Topic}}
        """,
        after="""
            Resources:
              Topic: {Type: AWS::SNS::Topic}
              Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://company/more.yaml}}
        """,
        source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros.html",
    ),
    review_code(
        "REV123",
        "caution",
        "data-loss",
        "a resource that holds data depends on another condition",
        "Where the condition does not hold CloudFormation deletes the resource, by its deletion policy. Conditions on regions, "
        "accounts and several parameters differ between the stacks that one template is deployed as.",
        before="""
            Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
        """,
        after="""
            Conditions: {Here: !Not [!Equals [!Ref AWS::Region, eu-west-1]]}
            Resources: {Clicks: {Type: AWS::Kinesis::Stream, Condition: Here, Properties: {ShardCount: 2}}}
        """,
        source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/conditions-section-structure.html",
    ),
    review_code(
        "REV124",
        "danger",
        "none",
        "a template has grown beyond what CloudFormation takes",
        "CloudFormation takes 500 resources and 1 MB a template, and nobody can have these raised. It refuses the update, and "
        "nothing of it is deployed.",
        before="""
            Resources: {Topic000: {Type: AWS::SNS::Topic}}
        """,
        after="""
            Resources:
              Fn::ForEach::Hundreds:
                - A
                - ["0", "1", "2", "3", "4", "5"]
                - Fn::ForEach::Tens:
                    - B
                    - ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]
                    - Fn::ForEach::Ones:
                        - C
                        - ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]
                        - Topic${A}${B}${C}: {Type: AWS::SNS::Topic}
            Transform: AWS::LanguageExtensions
        """,
        source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html",
    ),
    review_code(
        "REV199",
        "caution",
        "none",
        "a property changed whose meaning is not known here",
        "No rule knows what the property does. It is listed so that somebody looks at it: nothing that changes is left out.",
        before="""
            Host: {Type: AWS::EC2::LaunchTemplate, Properties: {LaunchTemplateData: {KernelId: aki-1}}}
        """,
        after="""
            Host: {Type: AWS::EC2::LaunchTemplate, Properties: {LaunchTemplateData: {KernelId: aki-2}}}
        """,
    ),
)
