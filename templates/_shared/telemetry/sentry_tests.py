def test_sentry_gets_no_query_and_records_by_their_event() -> None:
    record = logging.makeLogRecord({"msg": {"event": "job failed", "job": "note", "_name": "x"}})
    event = {"request": {"query_string": "key=x"}, "logentry": {"message": str(record.msg)}}
    assert prepare_for_sentry(event, {"log_record": record}) == {
        "request": {},
        "logentry": {"message": "job failed"},
        "extra": {"job": "note"},
    }
