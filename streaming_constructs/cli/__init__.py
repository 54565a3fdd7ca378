"""The command line: thin verbs over the other rooms, one file each, loaded when they are called."""

from __future__ import annotations


def main() -> None:
    """Runs `streaming-constructs`, and ends the process with its exit code: 0 fine, 1 findings, 2 wrong usage, 74 disk full."""
    import gc
    import io
    import os
    import sys

    gc.set_threshold(100_000)  # a verb ends before there is much to collect; looking for it takes time
    # Plugins of pydantic watch what applications validate. To look for them takes longer than to check a small file.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that lacks a sign still gets the rest
    try:
        from streaming_constructs.cli.group import OWN_PROCESS, verbs
        from streaming_constructs.cli.guarded_stream import GuardedStream

        # Until the process ends: what goes wrong unforeseen is printed after the verb.
        sys.stdout, sys.stderr = GuardedStream(sys.stdout), GuardedStream(sys.stderr)
        verbs(prog_name="streaming-constructs", obj=OWN_PROCESS)
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        # What is in the buffer may be what does not fit; when the process ends it is too late to tell.
        sys.stdout.flush()
        gc.freeze()  # the process ends: nothing of what it leaves is worth to be looked through once more
