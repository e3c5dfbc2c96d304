@pytest.fixture
def empty_database(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """A database without tables, which the settings name, for what opens its own connections."""
    with new_database(tmp_path) as url:
        monkeypatch.setattr(settings, "database_url", url)
        yield url


@pytest.fixture
def log(settings: Settings) -> Iterator[StringIO]:
    """The log of the application, one JSON object per line."""
    logging.getLogger("httpx2").setLevel(logging.WARNING)  # the client of the tests
    with redirect_stderr(StringIO()) as stream:
        configure_logging(settings.model_copy(update={"log_format": "json", "log_level": "INFO"}))
    yield stream
    configure_logging(settings)
