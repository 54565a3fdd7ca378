"""AWS Lambda functions: what they are where a template does not say, and runtimes that are no longer supported."""

from __future__ import annotations

FUNCTION_DEFAULTS = {
    "Architectures.*": "x86_64",
    "Code.S3ObjectStorageMode": "COPY",
    "DurableConfig.RetentionPeriodInDays": 14,
    "EphemeralStorage.Size": 512,
    "LoggingConfig.ApplicationLogLevel": "INFO",
    "LoggingConfig.LogFormat": "Text",
    "LoggingConfig.SystemLogLevel": "INFO",
    "MemorySize": 128,
    "PackageType": "Zip",
    "RecursiveLoop": "Terminate",
    "RuntimeManagementConfig.UpdateRuntimeOn": "Auto",
    "SnapStart.ApplyOn": "None",
    "Timeout": 3,
    "TracingConfig.Mode": "PassThrough",
    "VpcConfig.Ipv6AllowedForDualStack": False,
}
"""What properties of a function are where they are left out: sizes in MB, the timeout in seconds.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html,
read 2026-11-29
"""
ASYNCHRONOUS_DEFAULTS = {"MaximumEventAgeInSeconds": 21_600, "MaximumRetryAttempts": 2}
"""How long, and how often, Lambda tries an asynchronous invocation where nobody says.

Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-configuring.html, read 2026-11-29
"""
LOG_LEVELS = ("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL")
"""From the most that is written to the least.

Source: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html, read 2026-11-29
"""
DEPRECATED_RUNTIMES = (
    *(
        "dotnetcore1.0",
        "dotnetcore2.0",
        "dotnetcore2.1",
        "dotnetcore3.1",
        "dotnet5.0",
        "dotnet6",
        "dotnet7",
        "go1.x",
        "java8",
    ),
    *("nodejs", "nodejs4.3", "nodejs4.3-edge", "nodejs6.10", "nodejs8.10", "nodejs10.x", "nodejs12.x", "nodejs14.x"),
    *("nodejs16.x", "nodejs18.x", "provided", "python2.7", "python3.6", "python3.7", "python3.8", "python3.9"),
    *("ruby2.5", "ruby2.7"),
)
"""Runtimes without patches since 2025 or before: Lambda blocks, or is about to block, creating and updating such functions.

Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html, read 2026-11-29
"""
