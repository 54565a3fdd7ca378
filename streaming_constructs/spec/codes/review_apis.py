"""What changes of a template mean for APIs of API Gateway."""

from __future__ import annotations

from streaming_constructs.spec.codes.code import Code, review_code

_GUIDE = "https://docs.aws.amazon.com/apigateway/latest/developerguide"
_CFN = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference"


def _method(properties: str) -> str:
    """A method, with properties beside its place."""
    place = "RestApiId: !Ref Api, ResourceId: !GetAtt Api.RootResourceId, HttpMethod: POST"
    return (
        "Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: orders}}\n"
        f"Post: {{Type: AWS::ApiGateway::Method, Properties: {{{place}, {properties}}}}}\n"
    )


def _stage(settings: str) -> str:
    """A stage with settings of all methods."""
    every = f"MethodSettings: [{{ResourcePath: /*, HttpMethod: '*', {settings}}}]"
    return f"Live: {{Type: AWS::ApiGateway::Stage, Properties: {{RestApiId: api, StageName: live, {every}}}}}\n"


def _api(properties: str) -> str:
    return f"Api: {{Type: AWS::ApiGateway::RestApi, Properties: {{Name: orders, {properties}}}}}\n"


_AUTHORIZER = "AuthorizationType: CUSTOM, AuthorizerId: "
_INTEGRATION = "AuthorizationType: AWS_IAM, Integration: {Type: AWS_PROXY, IntegrationHttpMethod: POST, Uri: "

CODES: tuple[Code, ...] = (
    review_code(
        "REV283",
        "danger",
        "public-access",
        "everybody may call an API, and nobody is asked who it is",
        "Its address is found by whoever looks for it, and all that is behind it is open: what is written there is "
        "kept, and what is answered is read. A key of the API says who pays, not who somebody is.",
        before=_method("AuthorizationType: AWS_IAM"),
        after=_method("AuthorizationType: NONE"),
        source=f"{_GUIDE}/apigateway-control-access-to-api.html",
    ),
    review_code(
        "REV284",
        "caution",
        "public-access",
        "others decide who may call an API",
        "Another authorizer, other scopes or no key besides: those who were let in may be refused, and those who were "
        "refused may be let in.",
        before=_method(f"{_AUTHORIZER}old1"),
        after=_method(f"{_AUTHORIZER}new1"),
        source=f"{_GUIDE}/apigateway-use-lambda-authorizer.html",
    ),
    review_code(
        "REV285",
        "fine",
        "public-access",
        "callers of an API are asked for more",
        "They are asked who they are, or for a key, a certificate or a scope besides. Those who bring none are refused "
        "from then on.",
        before=_method("AuthorizationType: NONE"),
        after=_method("AuthorizationType: AWS_IAM"),
        source=f"{_GUIDE}/apigateway-control-access-to-api.html",
    ),
    review_code(
        "REV286",
        "danger",
        "public-access",
        "a private API can be called from the internet",
        "A private endpoint is reached through endpoints of networks alone. Without that everybody reaches the API, "
        "and its methods alone decide who is let in.",
        before=_api("EndpointConfiguration: {Types: [PRIVATE]}"),
        after=_api("EndpointConfiguration: {Types: [REGIONAL]}"),
        source=f"{_GUIDE}/apigateway-private-apis.html",
    ),
    review_code(
        "REV287",
        "caution",
        "network",
        "an API is reached in another way",
        "Another kind of endpoint has another address or other names: callers that come the old way are refused, or "
        "come past the guards of the domain.",
        before=_api("EndpointConfiguration: {Types: [EDGE]}"),
        after=_api("EndpointConfiguration: {Types: [REGIONAL]}"),
        source=f"{_GUIDE}/api-gateway-api-endpoint-types.html",
    ),
    review_code(
        "REV288",
        "danger",
        "encryption",
        "callers may use an older TLS",
        "TLS 1.0 and 1.1 are broken: who is between a caller and the API may read and change what they say. A caller "
        "that can do no better was refused before.",
        before="""
            Domain:
              Type: AWS::ApiGateway::DomainName
              Properties: {DomainName: api.example.com, SecurityPolicy: TLS_1_2}
        """,
        after="""
            Domain:
              Type: AWS::ApiGateway::DomainName
              Properties: {DomainName: api.example.com, SecurityPolicy: TLS_1_0}
        """,
        source=f"{_GUIDE}/apigateway-custom-domain-tls-version.html",
    ),
    review_code(
        "REV289",
        "caution",
        "throttle",
        "callers of an API are refused earlier",
        "Requests beyond the limit are answered by 429. A caller that does not try again loses what it wanted to write.",
        before=_stage("ThrottlingRateLimit: 1000, ThrottlingBurstLimit: 500"),
        after=_stage("ThrottlingRateLimit: 100, ThrottlingBurstLimit: 500"),
        source=f"{_GUIDE}/api-gateway-request-throttling.html",
    ),
    review_code(
        "REV290",
        "caution",
        "throttle",
        "an API has no limit of its own any more",
        "What is left is the limit of the account, which all its APIs share: one caller can use it up for all others, "
        "and have everything behind the API called as often.",
        before=_stage("ThrottlingRateLimit: 1000"),
        after=_stage("LoggingLevel: 'OFF'"),
        source=f"{_GUIDE}/api-gateway-request-throttling.html",
    ),
    review_code(
        "REV291",
        "fine",
        "throttle",
        "an API takes more requests, or has a limit of its own",
        "Callers are refused later, or are bounded by a limit of the API's own before they use up that of the account.",
        before=_stage("ThrottlingRateLimit: 100"),
        after=_stage("ThrottlingRateLimit: 1000"),
        source=f"{_GUIDE}/api-gateway-request-throttling.html",
    ),
    review_code(
        "REV292",
        "caution",
        "delivery",
        "calls of an API go elsewhere, or as something else",
        "What was behind it gets nothing more of them, and what is behind it now has to know them. Records that "
        "callers write are found in the new place alone.",
        before=_method(f"{_INTEGRATION}'arn:aws:apigateway:eu-west-1:lambda:path/old'}}"),
        after=_method(f"{_INTEGRATION}'arn:aws:apigateway:eu-west-1:lambda:path/new'}}"),
        source=f"{_GUIDE}/how-to-integration-settings.html",
    ),
    review_code(
        "REV293",
        "caution",
        "delivery",
        "what callers of an API call is gone",
        "Requests for it are answered by 403 or 404 from then on. A caller that does not look at errors loses what it "
        "wanted to write.",
        before=_method("AuthorizationType: AWS_IAM"),
        after=_api(""),
        source=f"{_GUIDE}/how-to-method-settings.html",
    ),
    review_code(
        "REV294",
        "caution",
        "schema",
        "requests are looked at otherwise before they go on",
        "What a validator refused goes on to what is behind the API, which may keep it, or fail at it; or what was "
        "taken before is refused.",
        before="Checks: {Type: AWS::ApiGateway::RequestValidator, Properties: {RestApiId: api, ValidateRequestBody: true}}\n",
        after="Checks: {Type: AWS::ApiGateway::RequestValidator, Properties: {RestApiId: api, ValidateRequestBody: false}}\n",
        source=f"{_GUIDE}/api-gateway-method-request-validation.html",
    ),
    review_code(
        "REV295",
        "caution",
        "none",
        "what an API answers is described by another document",
        "A document of OpenAPI says who may call, what is refused and where calls go, all at once; what of it is "
        "another has to be read there.",
        before=_api("BodyS3Location: {Bucket: apis, Key: v1.yaml}"),
        after=_api("BodyS3Location: {Bucket: apis, Key: v2.yaml}"),
        source=f"{_GUIDE}/api-gateway-import-api.html",
    ),
    review_code(
        "REV296",
        "caution",
        "public-access",
        "a guard in front of an API is gone or wider",
        "A firewall no longer looks at requests, or pages of more sites may call from the browsers of their visitors. "
        "Who may call is decided by the methods alone.",
        before="""
            Guard:
              Type: AWS::WAFv2::WebACLAssociation
              Properties: {ResourceArn: 'arn:aws:apigateway:eu-west-1::/restapis/a/stages/live', WebACLArn: acl}
            Other: {Type: AWS::SNS::Topic}
        """,
        after="""
            Other: {Type: AWS::SNS::Topic}
        """,
        source=f"{_GUIDE}/apigateway-control-access-aws-waf.html",
    ),
    review_code(
        "REV297",
        "caution",
        "none",
        "an API answers otherwise",
        "From a cache or not, by another way of reading requests, only after somebody deploys it, or with all that is "
        "said in its log: callers may see answers that they do not expect.",
        before=_stage("CachingEnabled: false"),
        after=_stage("CachingEnabled: true"),
        source=f"{_GUIDE}/api-gateway-caching.html",
    ),
)
