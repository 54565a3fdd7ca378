"""What changes of a template mean for databases of RDS and services of ECS."""

from __future__ import annotations

from streaming_constructs.spec.codes.code import Code, review_code

_RDS = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide"
_ECS = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_services.html"


def _database(properties: str) -> str:
    return f"Orders: {{Type: AWS::RDS::DBInstance, Properties: {{DBInstanceClass: db.t4g.micro, {properties}}}}}\n"


def _service(count: int) -> str:
    return f"Reader: {{Type: AWS::ECS::Service, Properties: {{DesiredCount: {count}}}}}\n"


CODES: tuple[Code, ...] = (
    review_code(
        "REV690",
        "danger",
        "public-access",
        "a database has a public address",
        "Its name is resolved to an address of the internet. What is between it and everybody are its security groups "
        "and a password.",
        before=_database("PubliclyAccessible: false"),
        after=_database("PubliclyAccessible: true"),
        source=f"{_RDS}/USER_VPC.WorkingWithRDSInstanceinaVPC.html",
    ),
    review_code(
        "REV691",
        "danger",
        "retention",
        "backups of a database are kept for a shorter time, and older ones are deleted",
        "A database can be put back to any moment that its automated backups cover. What is older than the retention is "
        "deleted at once; at 0 all of them are, and none is made any more.",
        before=_database("BackupRetentionPeriod: 14"),
        after=_database("BackupRetentionPeriod: 7"),
        source=f"{_RDS}/USER_WorkingWithAutomatedBackups.BackupRetention.html",
    ),
    review_code(
        "REV692",
        "caution",
        "removal-policy",
        "a database is guarded less",
        "Protection against deletion makes AWS refuse to delete it, whoever asks. An instance in a second zone takes "
        "over when the first fails; without it the database stands still until it is back.",
        before=_database("DeletionProtection: true"),
        after=_database("DeletionProtection: false"),
        source=f"{_RDS}/USER_DeleteInstance.html",
    ),
    review_code(
        "REV693",
        "fine",
        "none",
        "a database is guarded better",
        "Its backups are kept for longer, AWS refuses to delete it, another takes over, or it has no public address.",
        before=_database("BackupRetentionPeriod: 7"),
        after=_database("BackupRetentionPeriod: 14"),
        source=f"{_RDS}/USER_WorkingWithAutomatedBackups.BackupRetention.html",
    ),
    review_code(
        "REV694",
        "danger",
        "throttle",
        "a service of containers runs no task any more",
        "What it reads is not read: records wait in a stream until they expire, and nobody who calls it gets an answer.",
        before=_service(2),
        after=_service(0),
        source=_ECS,
    ),
    review_code(
        "REV695",
        "caution",
        "scaling",
        "a service of containers runs fewer tasks",
        "The rest do its work. Where they cannot, it falls behind, and where that is a stream, records expire in the end.",
        before=_service(4),
        after=_service(2),
        source=_ECS,
    ),
    review_code(
        "REV696",
        "fine",
        "scaling",
        "a service of containers runs more tasks",
        "More tasks share the same work: what waited is done sooner, and each costs as much as the others.",
        before=_service(2),
        after=_service(4),
        source=_ECS,
    ),
)
