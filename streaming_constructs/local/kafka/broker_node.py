"""One node of a Kafka cluster: a process of Java that ends with whoever started it, however that ends."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from streaming_constructs.local.java import Java, java_environment
from streaming_constructs.local.kafka.broker_log import first_failure
from streaming_constructs.local.kafka.server_properties import NodeAddress, properties_file
from streaming_constructs.planning.jar_cache import FoundJars

_JVM = (
    "-XX:TieredStopAtLevel=1",
    "-XX:+UseSerialGC",
    "-XX:-UsePerfData",
    "-XX:+ExitOnOutOfMemoryError",
    "-Xss512k",
    "-Xmx128m",
)
"""Small and quick to start; `-XX:-UsePerfData` keeps it from writing where every user can look."""
_QUIET = ("-Xlog:disable", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn")
_ENDS_WITH_US = 'exec 3<&0; (read -r _ <&3; kill -s KILL $$) & exec "$@" 3<&- </dev/null'
"""A shell that becomes Java, and leaves behind one that waits for the end of its input, which comes when this process ends:
also when it is killed, and nothing here is asked any more."""
_PRIVATE = 0o700
_LOG_BYTES = 1024 * 1024


def java_command(java: Java, jars: FoundJars, folder: Path, flags: Sequence[str]) -> list[str]:
    """The command that runs a node, whose properties are in its folder.

    Args:
        java: Its Java.
        jars: Its jars.
        folder: Its folder, where temporary files go as well.
        flags: More flags of the virtual machine.
    """
    temporary = (f"-Djava.io.tmpdir={folder}", f"-XX:ErrorFile={folder / 'java.log'}")
    return [
        str(java.executable),
        *_JVM,
        *_QUIET,
        *temporary,
        *flags,
        "-cp",
        jars.class_path,
        "kafka.Kafka",
        "server.properties",
    ]


class BrokerNode:
    """A node, started.

    Attributes:
        address: Where it is.
        folder: Its folder: data, properties and log.
        properties: What it was told.
    """

    def __init__(
        self, command: Sequence[str], address: NodeAddress, folder: Path, properties: Mapping[str, str], identity: str
    ) -> None:
        """Writes what it needs into its folder, and starts it.

        Args:
            command: What runs it, such as `java_command`.
            address: Where it is.
            folder: Its folder; it is made where it is not there.
            properties: What it is told.
            identity: The content of its `meta.properties`: whose data it is. It takes the place of a formatting of the folder,
                which would be another process of Java. A folder that is there already has the same one.
        """
        self.address, self.folder, self.properties = address, folder, properties
        data = folder / "data"
        data.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
        (data / "meta.properties").write_text(identity, encoding="ascii")
        (folder / "server.properties").write_text(properties_file(properties), encoding="ascii")
        self._log = folder / "broker.log"
        lives, self._lifeline = os.pipe()
        try:
            with self._log.open("wb") as log:
                self._process = subprocess.Popen(  # noqa: S603 - our own command
                    ["/bin/sh", "-c", _ENDS_WITH_US, "sh", *command],
                    cwd=folder,
                    env=java_environment(os.environ),
                    start_new_session=True,
                    stdin=lives,
                    stdout=log,
                    stderr=log,
                )
        except BaseException:
            os.close(self._lifeline)
            raise
        finally:
            os.close(lives)

    @property
    def pid(self) -> int:
        """Its process, and the id of the group that it is in."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def first_failure(self) -> str:
        """Why it ended, or what first went wrong; empty if it said nothing."""
        ended_by = -(self._process.poll() or 0)
        if ended_by > 0:
            return f"it was ended by {signal.Signals(ended_by).name}"
        with self._log.open("rb") as log:
            return first_failure(log.read(_LOG_BYTES).decode(errors="replace"), self.properties)

    def terminate(self) -> None:
        """Asks it to end."""
        if self.is_alive:
            self._process.terminate()

    def kill(self) -> None:
        """Ends it at once, and all that was started with it; may be called again."""
        with suppress(ProcessLookupError, PermissionError):  # macOS says the latter of a process that is dead
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()
        if self._lifeline >= 0:
            os.close(self._lifeline)
            self._lifeline = -1

    def wait(self, seconds: float) -> bool:
        """Waits for its end.

        Args:
            seconds: How long at most.

        Returns:
            Whether it has ended.
        """
        try:
            self._process.wait(max(seconds, 0.0))
        except subprocess.TimeoutExpired:
            return False
        return True
