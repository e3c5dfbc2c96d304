-- wrk: send the request that the environment describes; write the figures as one line of JSON.
wrk.method = os.getenv("METHOD")
wrk.body = os.getenv("BODY")
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer " .. os.getenv("TOKEN")

function done(summary, latency)
   local errors = summary.errors
   io.stderr:write(string.format(
      '{"requests": %d, "seconds": %f, "p50": %f, "p99": %f, "errors": %d}\n',
      summary.requests, summary.duration / 1e6,
      latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
      errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
