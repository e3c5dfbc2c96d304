/** The HTTP server: it starts, and it ends without losing a request that has begun. */

import cluster, { type Worker } from "node:cluster";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { closeServices, createApp, createServices } from "#/app.ts";
import type { Settings } from "#/core/config.ts";
import { Problem } from "#/core/errors.ts";

const GRACE_MILLISECONDS = 30_000;
/** A worker that dies sooner has failed to start, and so would the next one. */
const STARTED_MILLISECONDS = 5_000;

/** Answer what the parser of HTTP refuses, which the application never sees. */
function refuse(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const status = error.code === "HPE_HEADER_OVERFLOW" ? 431 : 400;
  const body = JSON.stringify(new Problem(status, { detail: "The request cannot be read." }));
  socket.end(
    `HTTP/1.1 ${status} Bad Request\r\nConnection: close\r\n` +
      `Content-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n` +
      body,
  );
}

/** Connections on which no request has come, which `server.close()` would wait for. */
function trackUnused(server: Server): Set<Socket> {
  const unused = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    unused.add(socket);
    socket.on("close", () => unused.delete(socket));
  });
  server.on("request", ({ socket }) => unused.delete(socket));
  return unused;
}

/** Serve in this process until SIGTERM or SIGINT. */
export async function serve(settings: Settings): Promise<void> {
  const services = await createServices(settings);
  const { logger } = services;
  const server = createServer(
    // Requests without a host or with an expectation are answered by the application, too.
    { requireHostHeader: false, keepAliveTimeout: 75_000 },
    createApp(services),
  );
  const unused = trackUnused(server);
  server.on("checkExpectation", (req, res) => server.emit("request", req, res));
  server.on("clientError", refuse);

  const stopping = new AbortController();
  const stopped = new Promise<void>((resolve, reject) => {
    const stop = () => {
      if (stopping.signal.aborted) {
        return;
      }
      stopping.abort();
      if (!server.listening) {
        resolve();
        return;
      }
      server.close(() => resolve());
      server.closeIdleConnections();
      for (const socket of unused) {
        socket.destroy();
      }
      setTimeout(() => server.closeAllConnections(), GRACE_MILLISECONDS).unref();
    };
    process.on("SIGTERM", stop).on("SIGINT", stop);
    server.on("error", reject);
  });
  // A connection that is kept alive ends with the response that is being sent.
  server.prependListener("request", (_req, res: ServerResponse) => {
    if (stopping.signal.aborted) {
      res.setHeader("Connection", "close");
    }
  });
  // A worker may get its socket after it has been told to stop.
  server.on("listening", () => stopping.signal.aborted && server.close());
  server.listen(settings.PORT, settings.HOST, () => {
    logger.info(`listening on http://${settings.HOST}:${settings.PORT}`);
  });
  await stopped;
  await closeServices(services);
  // A worker would stay for as long as the primary process listens to it.
  if (process.connected) {
    process.disconnect();
  }
}

/** Start a worker process. */
function fork(): Worker {
  // Node answers a worker's request to listen even if the worker has ended since. That fails
  // with EPIPE, and an "error" that nobody listens to would end this process.
  return cluster.fork().on("error", () => {});
}

/** Serve in WORKERS processes, and replace one that dies. */
export async function serveInProcesses(settings: Settings): Promise<void> {
  let stopping = false;
  let failures = 0;
  const stop = (signal: NodeJS.Signals) => {
    stopping = true;
    for (const worker of Object.values(cluster.workers ?? {})) {
      // Not worker.kill(), which would first wait until its connections are closed.
      worker?.process.kill(signal);
    }
  };
  process.on("SIGTERM", stop).on("SIGINT", stop);

  let running = 0;
  await new Promise<void>((resolve) => {
    const start = () => {
      const begun = Date.now();
      running += 1;
      fork().on("exit", (code) => {
        running -= 1;
        failures = Date.now() - begun < STARTED_MILLISECONDS ? failures + 1 : 0;
        if (failures > settings.WORKERS) {
          stopping = true;
          process.exitCode = code || 1;
          stop("SIGTERM");
        }
        if (!stopping) {
          start();
        } else if (running === 0) {
          resolve();
        }
      });
    };
    for (let i = 0; i < settings.WORKERS; i += 1) {
      start();
    }
  });
}
