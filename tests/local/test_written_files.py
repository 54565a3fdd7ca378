"""Rows of files that a job writes itself, counted by table."""

from __future__ import annotations

from pathlib import Path

from streaming_constructs.local.flink.flink_job import JobMetrics, JobStatus
from streaming_constructs.local.managed_flink.written_files import JobOfFiles


class Counting:
    """A job that has counted two rows of a stream, and records of its checkpoints."""

    def __init__(self) -> None:
        self.checkpoints = 0

    def status(self) -> JobStatus:
        return JobStatus("RUNNING", "", 0, self.checkpoints)

    def metrics(self) -> JobMetrics:
        self.checkpoints += 1
        return JobMetrics({"clicks": 4}, {"pages": 2, "end": self.checkpoints}, {}, {})

    def stop(self, with_savepoint: Path, *, drain: bool = False) -> Path:
        return with_savepoint

    def cancel(self) -> None: ...


def test_lines_are_rows_of_their_table_whether_the_file_is_finished_or_not(tmp_path: Path) -> None:
    job = JobOfFiles(Counting(), {"files": str(tmp_path / "views"), "others": str(tmp_path / "others")})
    assert job.metrics().records_out == {"pages": 2, "files": 0, "others": 0}
    (tmp_path / "views" / "day=1").mkdir(parents=True)
    open_file = tmp_path / "views" / "day=1" / ".part-0.inprogress"
    open_file.write_text("{}\n{}\n")
    assert job.metrics().records_out == {"pages": 2, "files": 2, "others": 0}
    open_file.rename(open_file.with_name("part-0"))
    (tmp_path / "views" / "part-1").write_text("{}\n")
    assert job.metrics().records_out == {"pages": 2, "files": 3, "others": 0}


def test_what_was_there_before_is_none_of_its_rows(tmp_path: Path) -> None:
    (tmp_path / "part-0").write_text("{}\n{}\n")
    job = JobOfFiles(Counting(), {"files": str(tmp_path)})
    (tmp_path / "part-1").write_text("{}\n")
    assert job.metrics().records_out["files"] == 1


def test_checkpoints_are_no_news(tmp_path: Path) -> None:
    job = JobOfFiles(Counting(), {"files": str(tmp_path)})
    assert job.metrics() == job.metrics()
