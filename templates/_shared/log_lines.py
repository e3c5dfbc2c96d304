class Lines:
    """Where structlog's records end, past the standard library, which takes three times as long."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def msg(self, line: str) -> None:
        # A log that nobody can read any more must not fail a request.
        with suppress(OSError, ValueError):
            self.stream.write(f"{line}\n")

    debug = info = warning = error = critical = msg


def console_renderer() -> structlog.dev.ConsoleRenderer:
    # Plain tracebacks: the pretty ones take seconds, and print every local variable.
    return structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
    )
