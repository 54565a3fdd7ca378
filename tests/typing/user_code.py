"""What a type checker says of code that writes specs: `make types` reads it, nothing runs it."""

from streaming_constructs import (
    AlarmOverride,
    AlarmsSpec,
    AtTimestamp,
    CustomerManagedKey,
    KeepInS3,
    KinesisStreamSpec,
    LambdaConsumerSpec,
    NotifyEmail,
    OnDemandCapacity,
    OnError,
    PipelinePlan,
    PipelineSpec,
    ProvisionedCapacity,
    RecordField,
    SkipAfter,
    Workload,
    plan,
)

ON_ERROR = OnError(skip_after=SkipAfter(attempts=5, max_age_seconds=3600), keep_in=KeepInS3())

SPEC = PipelineSpec(
    name="clickstream",
    streams={
        "clicks": KinesisStreamSpec(workload=Workload(records_per_second=500, record_kib=2), retention_hours=48),
        "orders": KinesisStreamSpec(capacity=OnDemandCapacity(), encryption=CustomerManagedKey()),
        "views": KinesisStreamSpec(capacity=ProvisionedCapacity(shards=4), record_schema="view"),
    },
    schemas={"view": {"page": RecordField(type="string")}},
    consumers={
        "fraud": LambdaConsumerSpec(
            from_="clicks",
            code="handlers/fraud",
            read="enhanced_fan_out",
            starting_position="latest",
            on_error=ON_ERROR,
        )
    },
    alarms=AlarmsSpec(
        notify=(NotifyEmail(email="oncall@example.com"),), override={"fraud.errors": AlarmOverride(threshold=3)}
    ),
)
PLAN: PipelinePlan = plan(SPEC)
SHARDS: int | None = PLAN.streams["clicks"].shards

# What a checker has to refuse.
SkipAfter(attempts=5)  # type: ignore[call-arg]
LambdaConsumerSpec(from_="clicks", code="handlers/fraud")  # type: ignore[call-arg]
LambdaConsumerSpec(from_="clicks", read="efo", on_error=ON_ERROR)  # type: ignore[arg-type]
KinesisStreamSpec(retention="48 h")  # type: ignore[call-arg]
AtTimestamp(at_timestamp="yesterday")  # type: ignore[arg-type]
