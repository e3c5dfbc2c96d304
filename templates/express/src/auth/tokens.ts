/**
 * Tokens: signed ones for access and links in emails, random ones for refreshing.
 *
 * The purpose of a signed token is its audience, so that a token of one kind is never taken for
 * another (RFC 8725, section 3.8).
 */

import { createHash, type KeyObject, randomBytes } from "node:crypto";
import { errors, type JWTPayload, jwtVerify, SignJWT } from "jose";

type Purpose = "access" | "verify-email" | "reset-password";

export async function sign(
  key: KeyObject,
  purpose: Purpose,
  seconds: number,
  claims: JWTPayload,
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT(claims)
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .setAudience(purpose)
    .setIssuedAt(now)
    .setExpirationTime(now + seconds)
    .sign(key);
}

/** The claims of a token for that purpose, or undefined if it is invalid or expired. */
export async function read(
  key: KeyObject,
  purpose: Purpose,
  token: string,
): Promise<(JWTPayload & { sub: string }) | undefined> {
  try {
    const { payload } = await jwtVerify<{ sub: string }>(token, key, {
      algorithms: ["HS256"],
      audience: purpose,
      requiredClaims: ["aud", "exp", "sub"],
    });
    return UUID.test(payload.sub) ? payload : undefined;
  } catch (error) {
    if (error instanceof errors.JOSEError) {
      return undefined;
    }
    throw error;
  }
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
const UUID_BYTES = 16;
const SECRET_BYTES = 32;

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Bind a token to a value that changes when the token has been used. */
export function fingerprint(value: string): string {
  return sha256(value).slice(0, 32);
}

/** The id of the session, and 256 random bits. */
export function newRefreshToken(sessionId: string): string {
  const id = Buffer.from(sessionId.replaceAll("-", ""), "hex");
  return Buffer.concat([id, randomBytes(SECRET_BYTES)]).toString("base64url");
}

export function sessionOf(refreshToken: string): string | undefined {
  const bytes = Buffer.from(refreshToken, "base64url");
  if (bytes.length !== UUID_BYTES + SECRET_BYTES || bytes.toString("base64url") !== refreshToken) {
    return undefined;
  }
  const hex = bytes.toString("hex", 0, UUID_BYTES);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

export function hashRefreshToken(refreshToken: string): string {
  return sha256(refreshToken);
}
