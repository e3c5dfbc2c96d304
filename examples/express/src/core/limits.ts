/** Rate limits, counted in memory or, for several processes, in Redis. */

import { isIP } from "node:net";
import type { Request } from "express";
import type { Logger } from "pino";
import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
} from "rate-limiter-flexible";
import type { Settings } from "#/core/config.ts";
import { Problem } from "#/core/errors.ts";

const MINUTE = 60;
const HOUR = 60 * MINUTE;

interface Rate {
  points: number;
  duration: number;
}

/**
 * The allowed rates of an action: for each IP, for each IP with an account, and for each account.
 *
 * The rate of an account is higher than that of the pair: a stranger at one IP reaches the latter
 * first, so that the owner of the account can still log in from another IP.
 */
interface Rates {
  ip: Rate;
  pair: Rate;
  account: Rate;
}

function every(duration: number, ip: number, pair: number, account: number): Rates {
  return {
    ip: { points: ip, duration },
    pair: { points: pair, duration },
    account: { points: account, duration },
  };
}

const mailing: Rates = {
  ip: { points: 20, duration: HOUR },
  pair: { points: 3, duration: 10 * MINUTE },
  account: { points: 10, duration: HOUR },
};

const RATES = {
  login: every(MINUTE, 30, 10, 30),
  refresh: every(MINUTE, 60, 60, 60),
  register: mailing,
  mail: mailing,
  token: every(MINUTE, 30, 30, 30),
};

type Action = keyof typeof RATES;
type Store = (keyPrefix: string, rate: Rate) => RateLimiterAbstract;

export interface Limiter {
  /** Count one attempt; throw 429 if there were too many. */
  hit(action: Action, ip: string, account?: string): Promise<void>;
  close(): void;
}

function memory() {
  const store: Store = (keyPrefix, rate) => new RateLimiterMemory({ keyPrefix, ...rate });
  return { store, close: () => undefined };
}

async function redis(url: string, logger: Logger) {
  // Imported where it is needed: of all packages, this one takes the longest.
  const { createClient } = await import("redis");
  const client = createClient({
    url,
    disableOfflineQueue: true,
    // A Redis that no longer answers counts as away after two seconds.
    pingInterval: 1000,
    socket: { socketTimeout: 2000, reconnectStrategy: (tries) => Math.min(100 * tries, 2000) },
  });
  client.on("error", (error) => logger.error(error, "rate limit storage unavailable"));
  client.connect().catch(() => undefined); // the listener has logged it
  const store: Store = (keyPrefix, rate) =>
    new RateLimiterRedis({ storeClient: client, useRedisPackage: true, keyPrefix, ...rate });
  return { store, close: () => client.destroy() };
}

export async function createLimiter(settings: Settings, logger: Logger): Promise<Limiter> {
  const url = settings.RATE_LIMIT_STORAGE;
  const { store, close } = url.startsWith("memory:") ? memory() : await redis(url, logger);
  const counters = new Map<string, RateLimiterAbstract>();
  for (const [action, rates] of Object.entries(RATES)) {
    for (const [kind, rate] of Object.entries(rates)) {
      counters.set(`${action}:${kind}`, store(`limit:${action}:${kind}`, rate));
    }
  }

  async function count(action: Action, kind: keyof Rates, key: string): Promise<void> {
    try {
      await counters.get(`${action}:${kind}`)?.consume(key);
    } catch (refusal) {
      throw refusal instanceof RateLimiterRes ? tooMany(refusal) : unavailable(refusal);
    }
  }

  async function hit(action: Action, ip: string, account = ""): Promise<void> {
    if (!settings.RATE_LIMITS) {
      return;
    }
    const network = networkOf(ip);
    await count(action, "ip", network);
    if (account) {
      await count(action, "pair", `${network} ${account}`);
      await count(action, "account", account);
    }
  }

  return { hit, close };
}

function tooMany(refusal: RateLimiterRes): Problem {
  const wait = Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
  return new Problem(429, {
    type: "rate-limited",
    detail: `Too many attempts. Try again in ${wait} seconds.`,
    headers: { "Retry-After": String(wait) },
  });
}

/** No unlimited guessing while the storage is down. */
function unavailable(cause: unknown): Problem {
  const problem = new Problem(503, { detail: "Try again soon." });
  problem.cause = cause;
  return problem;
}

/** The address of the client; behind a proxy, FORWARDED_ALLOW_IPS decides. */
export function clientIp(req: Request): string {
  // An IPv6 socket shows 192.0.2.1 as ::ffff:192.0.2.1, and a link's address with its interface.
  const ip = (req.ip ?? "").replace(/^::ffff:(?=\d+\.)/i, "").replace(/%.*$/, "");
  return isIP(ip) ? ip : ""; // a Unix socket, or a proxy that sends no address
}

/** The whole IPv6 /64, which belongs to one customer, counts as one client. */
export function networkOf(ip: string): string {
  if (!ip.includes(":")) {
    return ip;
  }
  const [head = "", tail] = ip.split("::");
  const left = head.split(":").filter(Boolean);
  const right = tail?.split(":").filter(Boolean) ?? [];
  const zeros = Array(Math.max(0, 8 - left.length - right.length)).fill("0");
  const groups = [...left, ...(tail === undefined ? [] : zeros), ...right];
  return groups
    .slice(0, 4)
    .map((group) => group.toLowerCase().replace(/^0+(?=.)/, ""))
    .join(":");
}
