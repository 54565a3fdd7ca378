"""What changes of templates mean for security groups, endpoints, routes and networks."""

from __future__ import annotations

from streaming_constructs.spec.codes.code import review_code

_GROUP = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroup.html"
_ENDPOINT = "https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html"

CODES = (
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
                SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 9098, ToPort: 9098, CidrIp: 10.0.0.0/16}]
        """,
        after="""
            Brokers:
              Type: AWS::EC2::SecurityGroup
              Properties:
                GroupDescription: brokers
                VpcId: vpc-1
                SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 9098, ToPort: 9098, CidrIp: 0.0.0.0/0}]
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
                SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 9098, ToPort: 9098, CidrIp: 10.0.0.0/16}]
        """,
        after="""
            Brokers:
              Type: AWS::EC2::SecurityGroup
              Properties:
                GroupDescription: brokers
                VpcId: vpc-1
                SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 9098, ToPort: 9098, CidrIp: 10.0.0.0/8}]
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
                SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 9098, ToPort: 9098, CidrIp: 10.0.0.0/16}]
                SecurityGroupEgress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.0.0/16}]
        """,
        after="""
            Brokers:
              Type: AWS::EC2::SecurityGroup
              Properties:
                GroupDescription: brokers
                VpcId: vpc-1
                SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 9098, ToPort: 9098, CidrIp: 10.0.0.0/16}]
                SecurityGroupEgress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}]
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
                SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 9098, ToPort: 9098, CidrIp: 10.0.0.0/8}]
        """,
        after="""
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
                  - IpProtocol: tcp
                    FromPort: 9096
                    ToPort: 9096
                    SourceSecurityGroupId: !GetAtt Clients.GroupId
            Clients: {Type: 'AWS::EC2::SecurityGroup', Properties: {GroupDescription: clients, VpcId: vpc-1}}
        """,
        after="""
            Brokers:
              Type: AWS::EC2::SecurityGroup
              Properties:
                GroupDescription: brokers
                VpcId: vpc-1
                SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 9098, ToPort: 9098, CidrIp: 10.0.0.0/16}]
            Clients: {Type: 'AWS::EC2::SecurityGroup', Properties: {GroupDescription: clients, VpcId: vpc-1}}
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
            Other: {Type: 'AWS::SNS::Topic'}
        """,
        after="""
            Other: {Type: 'AWS::SNS::Topic'}
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
        "REV676",
        "caution",
        "network",
        "an endpoint of a service is gone",
        "What is in subnets without a way to the internet no longer reaches the service at all; what has one sends "
        "its records over it, and pays for that.",
        before="""
            Endpoint:
              Type: AWS::EC2::VPCEndpoint
              Properties:
                VpcId: vpc-1
                ServiceName: com.amazonaws.eu-west-1.kinesis-streams
                VpcEndpointType: Interface
                SubnetIds: [subnet-1]
            Other: {Type: 'AWS::SNS::Topic'}
        """,
        after="""
            Other: {Type: 'AWS::SNS::Topic'}
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
            Endpoint:
              Type: AWS::EC2::VPCEndpoint
              Properties:
                VpcId: vpc-1
                ServiceName: com.amazonaws.eu-west-1.kinesis-streams
                VpcEndpointType: Interface
                SubnetIds: [subnet-1]
                PolicyDocument:
                  Statement: [{Effect: Allow, Principal: '*', Action: 'kinesis:PutRecord', Resource: '*'}]
        """,
        after="""
            Endpoint:
              Type: AWS::EC2::VPCEndpoint
              Properties:
                VpcId: vpc-1
                ServiceName: com.amazonaws.eu-west-1.kinesis-streams
                VpcEndpointType: Interface
                SubnetIds: [subnet-1]
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
            Endpoint:
              Type: AWS::EC2::VPCEndpoint
              Properties:
                VpcId: vpc-1
                ServiceName: com.amazonaws.eu-west-1.kinesis-streams
                VpcEndpointType: Interface
                SubnetIds: [subnet-1]
        """,
        after="""
            Endpoint:
              Type: AWS::EC2::VPCEndpoint
              Properties:
                VpcId: vpc-1
                ServiceName: com.amazonaws.eu-west-1.kinesis-streams
                VpcEndpointType: Interface
                SubnetIds: [subnet-1, subnet-2]
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
            Route:
              Type: AWS::EC2::Route
              Properties: {RouteTableId: rtb-1, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: nat-1}
        """,
        after="""
            Route:
              Type: AWS::EC2::Route
              Properties: {RouteTableId: rtb-1, DestinationCidrBlock: 0.0.0.0/0, GatewayId: igw-1}
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
            Subnet:
              Type: AWS::EC2::Subnet
              Properties: {VpcId: vpc-1, CidrBlock: 10.0.0.0/24, MapPublicIpOnLaunch: false}
        """,
        after="""
            Subnet:
              Type: AWS::EC2::Subnet
              Properties: {VpcId: vpc-1, CidrBlock: 10.0.0.0/24, MapPublicIpOnLaunch: true}
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
              Properties:
                NetworkAclId: acl-1
                RuleNumber: 100
                Protocol: 6
                CidrBlock: 0.0.0.0/0
                RuleAction: deny
        """,
        after="""
            Entry:
              Type: AWS::EC2::NetworkAclEntry
              Properties:
                NetworkAclId: acl-1
                RuleNumber: 100
                Protocol: 6
                CidrBlock: 0.0.0.0/0
                RuleAction: allow
        """,
        source="https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html",
    ),
    review_code(
        "REV682",
        "fine",
        "network",
        "the network is bounded further, or works as before",
        "Fewer have a public address or a way in; or what changed weakens nothing of what kept others out.",
        before="""
            Subnet:
              Type: AWS::EC2::Subnet
              Properties: {VpcId: vpc-1, CidrBlock: 10.0.0.0/24, MapPublicIpOnLaunch: true}
        """,
        after="""
            Subnet:
              Type: AWS::EC2::Subnet
              Properties: {VpcId: vpc-1, CidrBlock: 10.0.0.0/24, MapPublicIpOnLaunch: false}
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
            Network: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: 10.0.0.0/16, EnableDnsSupport: true}}
        """,
        after="""
            Network: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: 10.0.0.0/16, EnableDnsSupport: false}}
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
            Flow:
              Type: AWS::EC2::FlowLog
              Properties:
                ResourceId: vpc-1
                ResourceType: VPC
                TrafficType: ALL
                LogGroupName: flows
                DeliverLogsPermissionArn: arn:aws:iam::111122223333:role/flows
            Other: {Type: 'AWS::SNS::Topic'}
        """,
        after="""
            Other: {Type: 'AWS::SNS::Topic'}
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
            Permissions:
              Type: AWS::EC2::VPCEndpointServicePermissions
              Properties: {ServiceId: vpce-svc-1, AllowedPrincipals: ['arn:aws:iam::111122223333:root']}
        """,
        after="""
            Permissions:
              Type: AWS::EC2::VPCEndpointServicePermissions
              Properties: {ServiceId: vpce-svc-1, AllowedPrincipals: ['*']}
        """,
        source="https://docs.aws.amazon.com/vpc/latest/privatelink/configure-endpoint-service.html",
    ),
)
